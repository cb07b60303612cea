import * as z from 'zod'
import { id } from '../route-fields.ts'
import type { Routes } from '../../http/route.ts'
import { comparedNames, conflictKinds, conflictStates } from './compared.ts'
import { searchFilters } from '../search/routes.ts'

const field = z.enum(comparedNames)
const kind = z.enum(conflictKinds)
const state = z.enum(conflictStates)
const reason = z.string().max(200).default('')

const filters = {
  field: z.union([field, z.array(field)]).optional(),
  kind: kind.optional(),
  state: state.optional(),
  ...searchFilters,
} as const
const page = {
  limit: z.coerce.number().int().min(0).max(1000).default(50),
  offset: z.coerce.number().int().min(0).default(0),
} as const
const exported = { export: z.literal('csv').optional() } as const

const Device = z.object({ id: z.int(), name: z.string() })

export const ShownConflict = z.object({
  device: Device,
  site: z.int(),
  field,
  kind,
  state,
  source: z.literal('backup'),
  inventory: z.string().nullable(),
  observed: z.string(),
  /** The line it was read from. */
  raw: z.string(),
  /** The run that read it first. */
  run: z.int(),
  /** When the device said so first and last, and how often. */
  first_seen: z.string().nullable(),
  last_seen: z.string().nullable(),
  count: z.int(),
  /** Who said that the inventory is right, and why. */
  kept: z.object({ by: z.string(), at: z.string(), reason: z.string() }).nullable(),
})

const Decided = z.object({
  matched: z.int(),
  done: z.int(),
  failed: z.array(z.object({ device: Device, field, errors: z.array(z.string()) })),
})

const one = z.object({ device: id, field })
/** What the caller saw: another value that was read meanwhile is not decided on unseen. */
const Decision = z.strictObject({ observed: z.string().max(128).optional(), reason })
const many = z.strictObject({ ...filters, expect_count: z.coerce.number().int().min(0).max(1_000_000) })
const Reason = z.strictObject({ reason }).prefault({})

const decisionErrors = ['not_found', 'validation_failed', 'duplicate', 'version_conflict'] as const
const bulkErrors = ['validation_failed', 'unknown_parameter', 'count_mismatch', 'too_large'] as const

export const FactGroup = z.object({
  platform: z.object({ id: z.int(), name: z.string() }).nullable(),
  driver: z.string(),
  model: z.string(),
  os_version: z.string(),
  devices: z.int(),
})

export const factRoutes = {
  listConflicts: {
    method: 'GET',
    path: '/conflicts/',
    permission: 'backups.view_observation',
    summary: 'Where a device says something else of itself than the inventory, by device',
    query: z.strictObject({ ...filters, ...page, ...exported }),
    status: 200,
    response: z.object({
      count: z.int(),
      next: z.string().nullable(),
      previous: z.string().nullable(),
      by_field: z.partialRecord(field, z.int()),
      by_state: z.partialRecord(state, z.int()),
      results: z.array(ShownConflict),
    }),
    media: ['text/csv'],
    errors: ['validation_failed', 'unknown_parameter', 'too_large'],
  },
  acceptConflict: {
    method: 'POST',
    path: '/conflicts/{device}/{field}/accept/',
    permission: 'dcim.change_device',
    summary: 'Write into the inventory what the device says',
    params: one,
    body: Decision.prefault({}),
    status: 200,
    response: z.object({ device: Device, field, inventory: z.string() }),
    errors: decisionErrors,
  },
  keepInventory: {
    method: 'POST',
    path: '/conflicts/{device}/{field}/keep/',
    permission: 'backups.change_observation',
    summary: 'Ignore what the device says until it says something else',
    params: one,
    body: Decision.prefault({}),
    status: 200,
    response: ShownConflict,
    errors: decisionErrors,
  },
  acceptConflicts: {
    method: 'POST',
    path: '/conflicts/accept/',
    permission: 'dcim.change_device',
    summary: 'Accept all conflicts that the filters match, as many as are expected',
    query: many,
    body: Reason,
    status: 200,
    response: Decided,
    errors: bulkErrors,
  },
  keepInventories: {
    method: 'POST',
    path: '/conflicts/keep/',
    permission: 'backups.change_observation',
    summary: 'Ignore all conflicts that the filters match, as many as are expected',
    query: many,
    body: Reason,
    status: 200,
    response: Decided,
    errors: bulkErrors,
  },
  factReport: {
    method: 'GET',
    path: '/facts/',
    permission: 'backups.view_observation',
    summary: 'How many devices of each platform, model and OS version there are, as they say themselves',
    query: z.strictObject({ ...searchFilters, ...page, ...exported }),
    status: 200,
    response: z.object({
      count: z.int(),
      next: z.string().nullable(),
      previous: z.string().nullable(),
      /** Devices that the filters match, and those of them that were observed. */
      devices: z.int(),
      observed: z.int(),
      results: z.array(FactGroup),
    }),
    media: ['text/csv'],
    errors: ['validation_failed', 'unknown_parameter'],
  },
} as const satisfies Routes
