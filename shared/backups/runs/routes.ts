import * as z from 'zod'
import type { Routes } from '../../http/route.ts'
import { listOf, Page } from '../paged.ts'
import { FactsItem } from '../records.ts'
import { category, HostKey, id, NamedDevice, significant } from '../route-fields.ts'
import { BackupTarget } from './work.ts'

const resultStatus = z.enum(['changed', 'unchanged', 'failed', 'skipped'])
const LogLine = z.object({ at: z.string(), level: z.string(), message: z.string() })

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
  device: NamedDevice,
  status: resultStatus,
  category: category.nullable(),
  detail: z.string().nullable(),
  /** What the device showed in place of a pinned key (`host_key_changed`). */
  host_key: HostKey.nullable(),
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

/** Backup runs: begun, watched and stopped. */
export const runRoutes = {
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
} as const satisfies Routes
