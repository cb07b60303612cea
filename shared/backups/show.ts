import type * as z from 'zod'
import type { StoredOf } from '../model/define.ts'
import { observedNames } from './facts/compared.ts'
import { seenOf } from './facts/seen.ts'
import type { observation } from './models/observation.ts'
import type { Covering, NextRun } from './schedules/next-run.ts'
import type { Pin } from './retention/pins.ts'
import { isSignificant, type BackupState, type ConfigVersion, type RunResult } from './records.ts'
import type { ShownResult } from './runs/routes.ts'
import type { deviceRoutes, ShownVersion } from './versions/routes.ts'

type Shown = z.input<typeof ShownResult>

/** A result as the API shows it. */
export const showResult = (result: RunResult): Shown => ({
  device: { id: result.deviceId, name: result.name },
  status: result.status,
  category: result.category ?? null,
  detail: result.detail ?? null,
  host_key: result.hostKey ?? null,
  significant: result.status === 'changed' ? isSignificant(result) : null,
  pass: result.pass,
  version: result.sequence ?? null,
  credential: result.credentialId ?? null,
  attempts: result.attempts.map(({ credentialId, accepted }) => ({ credential: credentialId, accepted })),
  finished: result.finishedAt,
  elapsed_ms: result.elapsedMs,
  serial: result.serial ?? null,
  os: result.os ?? null,
  facts: result.facts ?? {},
  detected:
    result.detected === undefined
      ? null
      : {
          platform: result.detected.deviceType,
          confidence: result.detected.confidence,
          evidence: [...result.detected.evidence],
        },
  log: result.events,
})

/** What is known of a device from its runs, as the API shows it. */
export const showState = (
  device: { id: number; name: string },
  found: {
    state: BackupState | undefined
    observed: StoredOf<typeof observation> | undefined
    schedules: readonly Covering[]
  },
): z.input<(typeof deviceRoutes)['deviceState']['response']> => {
  const { state, observed, schedules } = found
  return {
    device,
    version: state === undefined || state.sequence === 0 ? null : state.sequence,
    last_success: state?.lastSuccessAt ?? null,
    last_failure: state?.lastFailureAt ?? null,
    last_failure_category: state?.lastFailure ?? null,
    failures_in_row: state?.failuresInRow ?? 0,
    last_run: state?.lastRunId ?? null,
    next_run: schedules.map(showNextRun)[0] ?? null,
    schedules: schedules.map(({ schedule, next }) => ({ schedule, next: showTimes(next) })),
    host_keys: state?.hostKeys ?? [],
    facts: Object.fromEntries(
      observedNames.flatMap((name) => {
        const reading = observed?.readings[name]
        if (observed === undefined || reading === undefined) return []
        const { raw, runId } = reading
        return [[name, { value: observed[name], raw, run: runId, ...seenOf(reading, state?.observed) }]]
      }),
    ),
  }
}

const showTimes = (next: NextRun | undefined): { at: string; latest: string } | null =>
  next === undefined ? null : { at: next.at.toISOString(), latest: next.latest.toISOString() }

const showNextRun = ({ schedule, next }: Covering) => {
  const times = showTimes(next)
  return times === null ? null : { ...times, schedule }
}

export const showVersion = (version: ConfigVersion, pin?: Pin): z.input<typeof ShownVersion> => ({
  version: version.sequence,
  collected: version.collectedAt,
  run: version.runId,
  imported:
    version.imported === undefined
      ? null
      : {
          job: version.imported.jobId,
          commit: version.imported.commit,
          path: version.imported.path,
          message: version.imported.message,
        },
  author: version.author ?? null,
  sha256: version.sha256,
  bytes: version.bytes,
  lines: version.lines,
  secrets: version.secrets,
  last_changed_by: version.lastChange?.by ?? null,
  last_changed_at: version.lastChange?.at ?? null,
  platform: version.deviceType,
  path: version.path,
  significant: isSignificant(version),
  pinned: pin === undefined ? null : { by: pin.pinned_by, at: pin.created, reason: pin.reason },
})

/** A Lambda answers at most 6 MB, and a page may have a thousand results. */
const pageLogBytesMax = 3 * 1024 * 1024
const leftOut = 'left out of so long a page: ask for fewer results at once'

/** The results of a page; once it is as long as an answer may be, logs of several lines are replaced by one that says so. */
export function withLogsThatFit(results: readonly Shown[]): Shown[] {
  let bytes = 0
  return results.map((result) => {
    bytes += Buffer.byteLength(JSON.stringify(result.log))
    if (bytes <= pageLogBytesMax) return result
    return { ...result, log: [{ at: result.finished, level: 'info', message: leftOut }] }
  })
}
