import * as z from 'zod'

/**
 * Every payload that crosses a state machine, in one place: later states take their fields from the first.
 * No secret and no configuration is ever in one: a state machine's history is kept and widely readable.
 */

/** Which devices a run is for. All members given must hold; none given means every active device. */
export const BackupTarget = z.strictObject({
  devices: z.array(z.int().positive()).max(10_000).optional(),
  sites: z.array(z.int().positive()).max(1000).optional(),
  tags: z.array(z.int().positive()).max(1000).optional(),
  platforms: z.array(z.int().positive()).max(1000).optional(),
})
export type BackupTarget = z.infer<typeof BackupTarget>

/** On demand the API has written the run; on a schedule the planner does, under an id made from the scheduled time. */
export const BackupInput = z.union([
  z.object({ runId: z.int() }),
  z.object({ scheduleId: z.int(), scheduledAt: z.string() }),
])
export type BackupInput = z.infer<typeof BackupInput>

export const S3Location = z.object({ bucket: z.string(), key: z.string() })

/** One line of the work list. */
export const WorkItem = z.object({
  deviceId: z.int(),
  name: z.string(),
  host: z.string(),
  port: z.int(),
  /** The platform's device type, resolved by the collector; empty where the device has none. */
  deviceType: z.string(),
  /** Where the configuration goes in the repository: `<site>/<device>.cfg`. */
  path: z.string(),
  credentialIds: z.array(z.int()),
})
export type WorkItem = z.infer<typeof WorkItem>

export const BackupPlan = z.object({
  runId: z.int(),
  /** Devices in the first pass. */
  devices: z.int(),
  /** Devices last seen down: they go straight to the second pass. */
  lastSeenDown: z.int(),
  workList: S3Location,
})
export type BackupPlan = z.infer<typeof BackupPlan>

export const SecondPass = BackupPlan.pick({ runId: true, devices: true, workList: true })
export type SecondPass = z.infer<typeof SecondPass>

/** A batch as the Distributed Map hands it over. The collector refuses an input without `Items`. */
export const CollectBatch = z.object({
  BatchInput: z.object({ runId: z.int(), pass: z.union([z.literal(1), z.literal(2)]) }),
  Items: z.array(WorkItem).min(1).max(100),
})
export type CollectBatch = z.infer<typeof CollectBatch>

export const CollectReport = z.object({ changed: z.int(), unchanged: z.int(), failed: z.int() })
export type CollectReport = z.infer<typeof CollectReport>

export const CommitReport = z.object({ runId: z.int(), commit: z.string().optional(), files: z.int() })
export type CommitReport = z.infer<typeof CommitReport>
