import * as z from 'zod'
import type { Routes } from '../../http/route.ts'
import { observedNames } from '../facts/compared.ts'
import { listOf, Page } from '../paged.ts'
import { category, HostKey, id, NamedDevice, significant, versionNumber } from '../route-fields.ts'

const Schedule = z.object({ id: z.int(), name: z.string() })
const NextRun = z.object({
  at: z.string(),
  /** With jitter the run starts at a random moment between the two. */
  latest: z.string(),
  schedule: Schedule,
})
const ObservedFact = z.object({
  value: z.string(),
  raw: z.string(),
  run: z.int(),
  first_seen: z.string().nullable(),
  last_seen: z.string().nullable(),
  count: z.int(),
})

export const ShownVersion = z.object({
  version: z.int(),
  collected: z.string(),
  /** Null where it was imported. */
  run: z.int().nullable(),
  /** The commit of another repository that it came from. */
  imported: z.object({ job: z.int(), commit: z.string(), path: z.string(), message: z.string() }).nullable(),
  /** Of its commit: whom the device or the imported repository names. */
  author: z.object({ name: z.string(), email: z.string() }).nullable(),
  sha256: z.string(),
  bytes: z.int(),
  lines: z.int(),
  secrets: z.int(),
  /** Who changed the configuration last and when, as the device says it (its own clock and words). */
  last_changed_by: z.string().nullable(),
  last_changed_at: z.string().nullable(),
  platform: z.string(),
  path: z.string(),
  /** False where it differs from the version before in lines only that mean nothing. */
  significant: z.boolean(),
  /** Kept whatever the retention policies say. */
  pinned: z.object({ by: z.string(), at: z.string(), reason: z.string() }).nullable(),
})

/** What the backups know of a device: how it stands, and its stored configurations. */
export const deviceRoutes = {
  deviceState: {
    method: 'GET',
    path: '/devices/{id}/state/',
    permission: 'backups.view_run',
    summary: 'What the backups know of a device: last success and failure, next run, pinned host keys',
    params: z.object({ id }),
    status: 200,
    response: z.object({
      device: NamedDevice,
      version: z.int().nullable(),
      last_success: z.string().nullable(),
      last_failure: z.string().nullable(),
      last_failure_category: category.nullable(),
      failures_in_row: z.int(),
      last_run: z.int().nullable(),
      /** When the next schedule is due that the device is backed up by; null where none is to come. */
      next_run: NextRun.nullable(),
      /** The enabled schedules that mean the device, the next one first. */
      schedules: z.array(z.object({ schedule: Schedule, next: NextRun.omit({ schedule: true }).nullable() })),
      host_keys: z.array(HostKey),
      /** What it says of itself: each with the line it was read from, since when, and how often. */
      facts: z.partialRecord(z.enum(observedNames), ObservedFact),
    }),
    errors: ['not_found'],
  },
  deviceVersions: {
    method: 'GET',
    path: '/devices/{id}/versions/',
    permission: 'backups.view_config',
    summary: 'Stored configurations of a device, newest first',
    params: z.object({ id }),
    query: Page.extend({ significant }),
    status: 200,
    response: listOf(ShownVersion),
    errors: ['not_found'],
  },
  versionText: {
    method: 'GET',
    path: '/devices/{id}/versions/{version}/text/',
    permission: 'backups.view_config',
    summary: 'One stored configuration, secrets as tags; `latest` is the newest',
    params: z.object({ id, version: z.union([z.literal('latest'), versionNumber]) }),
    status: 200,
    response: 'raw',
    errors: ['not_found', 'version_gone', 'too_large'],
  },
  acceptHostKey: {
    method: 'POST',
    path: '/devices/{id}/accept-host-key/',
    permission: 'backups.change_hostkey',
    summary: 'Trust a changed host key from now on, instead of those pinned before',
    params: z.object({ id }),
    body: z.strictObject({
      type: z.string().min(1).max(64),
      sha256: z.string().regex(/^[A-Za-z0-9+/]{43}$/),
      reason: z.string().min(1).max(500),
    }),
    status: 200,
    response: z.object({ host_keys: z.array(HostKey) }),
    errors: ['not_found', 'write_conflict'],
  },
} as const satisfies Routes
