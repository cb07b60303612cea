import * as z from 'zod'
import { WorkItem } from '../shared/backups/runs/work.ts'

/**
 * Every payload that crosses a state machine, in one place: later states take their fields from the first.
 * No secret and no configuration is ever in one: a state machine's history is kept and widely readable.
 */

/** On demand the API has written the run; on a schedule the planner does, under an id made from the scheduled time. */
export const BackupInput = z.union([
  z.object({ runId: z.int() }),
  z.object({ scheduleId: z.int(), scheduledAt: z.string() }),
])
export type BackupInput = z.infer<typeof BackupInput>

const S3Location = z.object({ bucket: z.string(), key: z.string() })

export const BackupPlan = z.object({
  runId: z.int(),
  /** How often the run had been paused by then. */
  pauses: z.int(),
  /** Devices in the first pass. */
  devices: z.int(),
  /** Devices last seen down: they go straight to the second pass. */
  lastSeenDown: z.int(),
  workList: S3Location,
})
export type BackupPlan = z.infer<typeof BackupPlan>

const passes = z.union([z.literal(1), z.literal(2)])

/** A pass is over; who has planned it, and when. */
export const PassOver = BackupPlan.pick({ runId: true, pauses: true }).extend({
  execution: z.string(),
  pass: passes,
})

/**
 * `waitSeconds` gives devices and AAA servers time before they are asked again. `end` says whether the pass is `whole`,
 * was `cut_short` by a pause that is over, or the run is `left` by this execution, for it is paused.
 */
export const SecondPass = BackupPlan.pick({
  runId: true,
  pauses: true,
  devices: true,
  workList: true,
}).extend({
  end: z.enum(['whole', 'cut_short', 'left']),
  waitSeconds: z.int(),
})
export type SecondPass = z.infer<typeof SecondPass>

/** A batch as the Distributed Map hands it over. The collector refuses an input without `Items`. */
export const CollectBatch = z.object({
  BatchInput: z.object({ runId: z.int(), pass: passes }),
  Items: z.array(WorkItem).min(1).max(100),
})
export type CollectBatch = z.infer<typeof CollectBatch>

export const CollectReport = z.object({
  changed: z.int(),
  unchanged: z.int(),
  failed: z.int(),
  skipped: z.int(),
})
export type CollectReport = z.infer<typeof CollectReport>

export const CommitReport = z.object({ runId: z.int(), commit: z.string().optional(), files: z.int() })
export type CommitReport = z.infer<typeof CommitReport>

/** `done` is false where there is more to index than one function has time for. */
export const IndexReport = z.object({ runId: z.int(), done: z.boolean() })
export type IndexReport = z.infer<typeof IndexReport>

/** `done` is false where there are more devices to evaluate than one function has time for. */
export const ComplianceReport = z.object({ runId: z.int(), done: z.boolean() })
export type ComplianceReport = z.infer<typeof ComplianceReport>

/** One round of pushing after a run: of these remotes, or in the first round of all. */
export const PushRound = z.object({
  runId: z.int(),
  round: z.int().default(0),
  remotes: z.array(z.int()).optional(),
})
export type PushRound = z.infer<typeof PushRound>

/** A job, and the execution that carries it out. Its kind chooses the way through the workflow. */
export const JobInput = z.object({ jobId: z.int(), kind: z.string(), execution: z.string() })
export type JobInput = z.infer<typeof JobInput>

/** A job that needs a device or its secrets: it is the collector's. */
export const CollectorJob = JobInput.extend({
  kind: z.enum(['credential_test', 'record_session', 'reseal_secrets']),
})
export type CollectorJob = z.infer<typeof CollectorJob>

/** A test message to a subscriber. */
export const NotifierJob = JobInput.extend({ kind: z.literal('subscription_test') })
export type NotifierJob = z.infer<typeof NotifierJob>

/** `retention` where there is more to let go than one function has time for. */
export const RetentionStep = JobInput.extend({ next: z.enum(['retention', 'done']) })
export type RetentionStep = z.infer<typeof RetentionStep>

/** A push that somebody asked for. */
export const PushJob = JobInput.extend({ kind: z.literal('git_push') })
export type PushJob = z.infer<typeof PushJob>

/** Devices of a NetBox are brought in. */
export const SyncJob = JobInput.extend({ kind: z.literal('netbox_sync') })
export type SyncJob = z.infer<typeof SyncJob>

/** `history` where there is more to import than one function has time for. */
export const HistoryStep = JobInput.extend({ next: z.enum(['history', 'done']) })
export type HistoryStep = z.infer<typeof HistoryStep>

export const JobStep = JobInput.extend({ next: z.enum(['apply', 'report']) })
export type JobStep = z.infer<typeof JobStep>
