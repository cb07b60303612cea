import * as z from 'zod'
import { failureCategories, type FailureCategory } from '../collect/outcome.ts'
import { versionKey } from '../table/version-keys.ts'

/** What the backups keep in the table, beside the models: one schema per item. */

const HostKeyItem = z.object({ type: z.string(), sha256: z.string() })
const categories = Object.keys(failureCategories) as [FailureCategory, ...FailureCategory[]]

/** Who changed the configuration last, and when, both as the device says it. */
const LastChangeItem = z.object({ by: z.string(), at: z.string() })

const PersonItem = z.object({ name: z.string(), email: z.string() })

/** What a device said of itself last: what it said stands in its observation, which this tells apart. */
const ObservedItem = z.object({
  /** Of the facts. As long as it is the same, the observation is not written again. */
  hash: z.string(),
  /** When the session began that read them, and in which run. */
  at: z.string(),
  runId: z.int(),
  /** How often the device was read. */
  readings: z.int(),
})
export type Observed = z.infer<typeof ObservedItem>

/** Hash of a configuration without the lines that mean nothing, and the rules that say which these are (`noise.ts`). */
const Essence = z.object({ rules: z.string(), sha256: z.string() })
export type Essence = z.infer<typeof Essence>

/** What is known of a device from its last runs. Changed with every run, by `version`. */
export const BackupState = z.object({
  deviceId: z.int(),
  version: z.int(),
  /** Number of the newest stored configuration; 0 where there is none. */
  sequence: z.int(),
  /** Of the newest stored configuration, as it is shown (redacted). */
  sha256: z.string().optional(),
  /** Lines of it. */
  lines: z.int().optional(),
  /** Of it; none where no line means nothing. */
  essence: Essence.optional(),
  /** What the device said of its last change when it was read last. */
  lastChange: LastChangeItem.optional(),
  /** Where that configuration stands in the repository. */
  path: z.string().optional(),
  /** Pinned on first use. A device that shows another key is refused. */
  hostKeys: z.array(HostKeyItem),
  failuresInRow: z.int(),
  lastFailureAt: z.string().optional(),
  lastFailure: z.enum(categories).optional(),
  lastSuccessAt: z.string().optional(),
  lastRunId: z.int(),
  observed: ObservedItem.optional(),
  /** The credential that was accepted last: tried first next time. */
  credentialId: z.int().optional(),
  /** Which version of its secrets that was. */
  secretVersion: z.int().optional(),
})
export type BackupState = z.infer<typeof BackupState>

/** One stored configuration. The text is content-addressed in the archive, the raw one sealed beside it. */
export const ConfigVersion = z.object({
  deviceId: z.int(),
  /** From 1 upwards; those of an imported history count backwards from -1. In the order of time, both. */
  sequence: z.int(),
  /** Null where it was imported. */
  runId: z.int().nullable(),
  imported: z
    .object({
      jobId: z.int(),
      commit: z.string(),
      /** Where the file stood in that repository. */
      path: z.string(),
      /** First line of what its commit says. */
      message: z.string(),
    })
    .optional(),
  collectedAt: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  lines: z.int(),
  /** How many secrets stand as tags in the text. */
  secrets: z.int(),
  /** Lines that change by themselves, left out of the text: each with the number of its lines before it. */
  volatile: z.array(z.object({ after: z.int(), line: z.string() })).optional(),
  /** False where it differs from the one before in lines only that mean nothing. */
  significant: z.boolean().optional(),
  lastChange: LastChangeItem.optional(),
  /** Who made it, where the device tells: the author of its commit. */
  author: PersonItem.optional(),
  deviceType: z.string(),
  path: z.string(),
  textKey: z.string(),
  rawKey: z.string(),
  /** Of the raw text and its place: see `raw-config.ts`. None in versions of the time before there were any. */
  rawCode: z.string().optional(),
})
export type ConfigVersion = z.infer<typeof ConfigVersion>

/** What is known of a version that retention let go. */
export const GoneVersion = z.object({
  deviceId: z.int(),
  sequence: z.int(),
  sha256: z.string(),
  collectedAt: z.string(),
  goneAt: z.string(),
  /** By its name of that day. */
  policy: z.string(),
  policyId: z.int(),
  jobId: z.int(),
})
export type GoneVersion = z.infer<typeof GoneVersion>

/** The newest commit of a run, written as the branch moves to it. */
export const RunCommit = z.object({ runId: z.int(), commit: z.string() })

/** A stored version that no commit holds yet. */
export const Uncommitted = z.object({
  runId: z.int(),
  deviceId: z.int(),
  sequence: z.int(),
  path: z.string(),
  textKey: z.string(),
  author: PersonItem.optional(),
})
export type Uncommitted = z.infer<typeof Uncommitted>

/**
 * The newest version of a device that a commit holds or is about to hold, and its path. Written before the branch
 * moves: a slower commit of an older version sees it and steps back.
 */
export const GitEntry = z.object({
  deviceId: z.int(),
  version: z.int(),
  sequence: z.int(),
  path: z.string(),
  /** Where the file stood before; to be removed by the commit. */
  formerPath: z.string().optional(),
})
export type GitEntry = z.infer<typeof GitEntry>

const SessionEventItem = z.object({
  at: z.string(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string(),
})

/** What a device said of itself, as far as it could be read. */
export const FactsItem = z.object({
  hostname: z.string().optional(),
  model: z.string().optional(),
  serial: z.string().optional(),
  version: z.string().optional(),
})

/** What a device without a platform was taken for, and how sure that is (0 to 1). */
const DetectionItem = z.object({
  deviceType: z.string(),
  confidence: z.number(),
  evidence: z.array(z.string()).readonly(),
})

/** What became of one device in one run, with the life cycle of its session. */
export const RunResult = z.object({
  runId: z.int(),
  deviceId: z.int(),
  name: z.string(),
  pass: z.int(),
  /** In the first pass; only said of results of the second. */
  failedBefore: z.boolean().optional(),
  status: z.enum(['changed', 'unchanged', 'failed', 'skipped']),
  category: z.enum(categories).optional(),
  detail: z.string().optional(),
  /** False of a change in lines only that mean nothing. */
  significant: z.boolean().optional(),
  /** Of the configuration that the device had at the end of the run. */
  sequence: z.int().optional(),
  credentialId: z.int().optional(),
  attempts: z.array(z.object({ credentialId: z.int(), accepted: z.boolean() })),
  /** What a device showed in place of a pinned key. */
  hostKey: HostKeyItem.optional(),
  serial: z.string().optional(),
  os: z.string().optional(),
  facts: FactsItem.optional(),
  detected: DetectionItem.optional(),
  finishedAt: z.string(),
  elapsedMs: z.number(),
  events: z.array(SessionEventItem),
})
export type RunResult = z.infer<typeof RunResult>

/** A result without its session: what counting and sorting thousands of them need. */
export const ResultHead = RunResult.pick({
  deviceId: true,
  name: true,
  pass: true,
  status: true,
  category: true,
  failedBefore: true,
  significant: true,
})
export type ResultHead = z.infer<typeof ResultHead>

/** Of a change or its version: they say only where it is not. */
export const isSignificant = ({ significant }: Pick<ResultHead, 'significant'>): boolean =>
  significant !== false

/**
 * One finished batch: counts, and its results without their sessions, so that nobody reads thousands of sessions to
 * count and sort them. `retried` were failed before: their first failure no longer counts.
 */
export const RunTally = z.object({
  changed: z.int(),
  unchanged: z.int(),
  failed: z.int(),
  skipped: z.int().default(0),
  retried: z.int(),
  /** None in items of the time before they were told. */
  heads: z.array(ResultHead).default([]),
})
export type RunTally = z.infer<typeof RunTally>

export const RunLogLine = z.object({
  at: z.string(),
  level: z.enum(['info', 'warn', 'error']),
  message: z.string(),
})
export type RunLogLine = z.infer<typeof RunLogLine>

/** Where a configuration's shown text is in the archive: by its content, so the same text is stored once. */
export const textKeyOf = (sha256: string, generation = 0): string =>
  `configs/${sha256.slice(0, 2)}/${sha256}${generation === 0 ? '' : `-${generation}`}`

/**
 * Where a configuration's sealed raw text is in the archive. Two runs at once may both write a version of this number,
 * and only one of them wins: each writes an object of its own.
 */
export const rawKeyOf = (deviceId: number, sequence: number, nonce: string): string =>
  `raw/${deviceId}/${versionKey(sequence)}-${nonce}`

/** Results, tallies and log lines of a run are kept so long; the run itself and the configurations stay. */
const recordDays = 90

/** The table's time to live, in seconds since 1970. */
export const expiryOf = (at: Date): number => Math.floor(at.getTime() / 1000) + recordDays * 86_400
