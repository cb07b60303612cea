import * as z from 'zod'
import type { Routes } from '../../http/route.ts'
import { id, versionNumber } from '../route-fields.ts'

const version = z.union([z.literal('latest'), versionNumber])

const Side = z.object({ version: z.int(), collected: z.string(), sha256: z.string(), lines: z.int() })

const Way = z.object({
  name: z.string(),
  /** `exact`: what is not in the file goes. `merge`: it stays. */
  result: z.enum(['exact', 'merge']),
  reboot: z.boolean(),
  /** Those with `typed` are commands. */
  steps: z.array(z.object({ text: z.string(), typed: z.boolean() })),
  undo: z.array(z.object({ text: z.string(), typed: z.boolean() })),
  dangers: z.array(z.string()),
})

export const RestorePlan = z.object({
  device: z.object({ id: z.int(), name: z.string() }),
  platform: z.object({ device_type: z.string(), name: z.string() }),
  from: Side,
  to: Side,
  identical: z.boolean(),
  /** False where no manual of the family was read: the plan then says what is not known. */
  is_known: z.boolean(),
  ways: z.array(Way),
  check: z.array(z.string()),
  /** A proposal: nobody has tried these lines on a device. */
  proposal: z.object({
    /** Null where there are lines. */
    reason: z.string().nullable(),
    lines: z.array(z.string()),
    added: z.int(),
    removed: z.int(),
    /** Lines among them that may end the session they are typed in. */
    careful: z.array(z.string()),
  }),
  secrets: z.object({
    /** Tags in the whole text of the version, and lines of the proposal that have one. */
    text: z.int(),
    proposal: z.int(),
  }),
  /** What to know before. */
  notes: z.array(z.string()),
  unsure: z.array(z.string()),
  sources: z.array(z.string()),
})

export const restoreRoutes = {
  restorePlan: {
    method: 'GET',
    path: '/devices/{id}/versions/{version}/restore-plan/',
    permission: 'backups.view_config',
    summary: 'How a person brings the device back to a stored version; nothing is sent to the device',
    params: z.object({ id, version }),
    query: z.strictObject({
      /** What the device has now, as far as it is known. */
      from: version.default('latest'),
      format: z.enum(['json', 'markdown']).default('json'),
    }),
    status: 200,
    response: RestorePlan,
    media: ['text/markdown'],
    errors: ['not_found', 'too_large'],
  },
} as const satisfies Routes
