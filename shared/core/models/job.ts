import * as z from 'zod'
import { defineModel, type Row } from '../../model/define.ts'
import { choice, datetime, int, json, text } from '../../model/fields.ts'
import { keys } from '../../table/keys.ts'

/** NetBox's states of a job, and two of ours: stopped by a person, stopped by a fault that may pass. */
const jobState = {
  pending: 'Pending',
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  errored: 'Errored',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
} as const
export type JobState = keyof typeof jobState

/** How far a job has come: noted often, so without a change record. */
export const JobProgress = z.object({
  current: z.number().nullable(),
  total: z.number().nullable(),
  /** What it is doing, in a word. */
  step: z.string().nullable(),
})
export type JobProgress = z.infer<typeof JobProgress>

/** In whose name it works, kept for its change records. */
const JobActor = z.object({
  userId: z.number().nullable(),
  username: z.string(),
  tokenId: z.number().nullable(),
  requestId: z.string(),
  message: z.string(),
})

const members = z.record(z.string(), z.unknown())

/**
 * Long work of any area. Whoever does it writes it by `shared/core/jobs.ts`; callers read it, cancel it and resume it.
 * A member of `result` is never called `results` or `url`: pynetbox takes the first for a page, the second for an
 * address of the API.
 */
export const job = defineModel({
  name: 'core.job',
  path: 'jobs',
  label: 'Job',
  labelPlural: 'Jobs',
  fields: {
    name: text({}),
    kind: text({ max: 50, pattern: { regex: /^[a-z][a-z_]*$/, message: 'lower-case letters and _ only' } }),
    state: choice(jobState, { default: 'pending' }),
    /** What it works on, for example `dcim.device`. */
    model: text({ max: 100, optional: true }),
    params: json(members, { default: {} }),
    result: json(members, { optional: true }),
    error: text({ max: 2000, optional: true }),
    requested_by: text({ max: 150, default: '' }),
    user_id: int({ optional: true }),
    started: datetime({ optional: true }),
    completed: datetime({ optional: true }),
    /** When the job and its files go. */
    expires: datetime({ optional: true }),
    /** How often it was begun. */
    attempts: int({ default: 0 }),
    execution: text({ max: 2048, optional: true, hidden: true }),
    actor: json(JobActor, { hidden: true }),
    /** Where its kind keeps its notes: keys of objects, the plan that is being carried out. */
    journal: json(members, { hidden: true, default: {} }),
  },
  search: ['name', 'kind', 'model', 'requested_by', 'error'],
  columns: ['name', 'kind', 'state', 'requested_by', 'started', 'completed'],
  display: (row: Row) => `${String(row['name'])} (${row.id})`,
  brief: ['name', 'kind', 'state'],
  ordering: ['-id'],
  verbs: ['view'],
  referrers: 'none',
  live: {
    key: keys.jobProgress,
    schema: JobProgress,
    empty: { current: null, total: null, step: null },
  },
})
