import { FactsItem } from './records.ts'
import * as z from 'zod'
import { failureCategories, type FailureCategory } from '../collect/outcome.ts'
import type { Routes } from '../http/route.ts'
import { observedNames } from './facts/compared.ts'
import { listOf, Page } from './paged.ts'
import { BackupTarget } from './work.ts'

const id = z.coerce.number().int().positive()

/** Of an imported history, numbers are below zero. */
export const versionNumber = z.coerce.number().int().min(-1_000_000_000).max(1_000_000_000)
const categories = Object.keys(failureCategories) as [FailureCategory, ...FailureCategory[]]
const category = z.enum(categories)
const resultStatus = z.enum(['changed', 'unchanged', 'failed', 'skipped'])

const Device = z.object({ id: z.int(), name: z.string() })
const Schedule = z.object({ id: z.int(), name: z.string() })
const NextRun = z.object({
  at: z.string(),
  /** With jitter the run starts at a random moment between the two. */
  latest: z.string(),
  schedule: Schedule,
})
const HostKey = z.object({ type: z.string(), sha256: z.string() })
const ObservedFact = z.object({
  value: z.string(),
  raw: z.string(),
  run: z.int(),
  first_seen: z.string().nullable(),
  last_seen: z.string().nullable(),
  count: z.int(),
})
const LogLine = z.object({ at: z.string(), level: z.string(), message: z.string() })

/** Changes that mean something, or those that do not. */
const significant = z.stringbool().optional()

export const RunProgress = z.object({
  id: z.int(),
  status: z.string(),
  total: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  failed: z.int(),
  /** Left out by a maintenance window. */
  skipped: z.int(),
  started: z.string().nullable(),
  finished: z.string().nullable(),
})

/** What became of one device in a run, with the lines of its session. */
export const ShownResult = z.object({
  device: Device,
  status: resultStatus,
  category: category.nullable(),
  detail: z.string().nullable(),
  /** Of a change: false where it is in lines only that mean nothing. */
  significant: z.boolean().nullable(),
  pass: z.int(),
  /** Number of the configuration that the device had at the end. */
  version: z.int().nullable(),
  credential: z.int().nullable(),
  attempts: z.array(z.object({ credential: z.int(), accepted: z.boolean() })),
  finished: z.string(),
  elapsed_ms: z.number(),
  serial: z.string().nullable(),
  os: z.string().nullable(),
  /** Fields read out of the two texts above. */
  facts: FactsItem,
  /** What a device without a platform was taken for. */
  detected: z
    .object({ platform: z.string(), confidence: z.number(), evidence: z.array(z.string()) })
    .nullable(),
  log: z.array(LogLine),
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

/** Operations of the backups beyond their models. */
export const backupRoutes = {
  startRun: {
    method: 'POST',
    path: '/runs/',
    permission: 'backups.add_run',
    summary: 'Back up now: every active device, or those that meet the target',
    body: BackupTarget.extend({
      message: z.string().max(200).optional(),
      /** Also devices that a maintenance window keeps from being backed up. */
      ignore_windows: z.boolean().default(false),
    }),
    status: 202,
    response: z.object({ id: z.int(), url: z.string(), display: z.string(), status: z.string() }),
    errors: ['validation_failed', 'unavailable'],
  },
  runProgress: {
    method: 'GET',
    path: '/runs/{id}/progress/',
    permission: 'backups.view_run',
    summary: 'Status and counts of a run, while it runs and after',
    params: z.object({ id }),
    status: 200,
    response: RunProgress,
    errors: ['not_found'],
  },
  runResults: {
    method: 'GET',
    path: '/runs/{id}/results/',
    permission: 'backups.view_run',
    summary: 'One result per device that is done, by name',
    params: z.object({ id }),
    query: Page.extend({ status: resultStatus.optional(), category: category.optional(), significant }),
    status: 200,
    response: listOf(ShownResult),
    errors: ['not_found'],
  },
  runLog: {
    method: 'GET',
    path: '/runs/{id}/log/',
    permission: 'backups.view_run',
    summary: 'Log lines of the workflow, oldest first',
    params: z.object({ id }),
    query: z.strictObject({ after: z.string().max(100).optional() }),
    status: 200,
    response: z.object({ lines: z.array(LogLine), after: z.string().nullable() }),
    errors: ['not_found'],
  },
  cancelRun: {
    method: 'POST',
    path: '/runs/{id}/cancel/',
    permission: 'backups.change_run',
    summary: 'Stop a run; what it has stored is committed',
    params: z.object({ id }),
    status: 202,
    response: RunProgress,
    errors: ['not_found', 'run_finished'],
  },
  pauseRun: {
    method: 'POST',
    path: '/runs/{id}/pause/',
    permission: 'backups.change_run',
    summary: 'Let a run begin no session any more until it is resumed; those under way are finished',
    params: z.object({ id }),
    status: 202,
    response: RunProgress,
    errors: ['not_found', 'run_finished'],
  },
  resumeRun: {
    method: 'POST',
    path: '/runs/{id}/resume/',
    permission: 'backups.change_run',
    summary: 'Go on with a paused run: devices that have their result are not asked again',
    params: z.object({ id }),
    status: 202,
    response: RunProgress,
    errors: ['not_found', 'run_finished', 'unavailable'],
  },
  deviceState: {
    method: 'GET',
    path: '/devices/{id}/state/',
    permission: 'backups.view_run',
    summary: 'What the backups know of a device: last success and failure, next run, pinned host keys',
    params: z.object({ id }),
    status: 200,
    response: z.object({
      device: Device,
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
