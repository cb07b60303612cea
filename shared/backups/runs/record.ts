import { failureCategories, type Failed, type Outcome } from '../../collect/outcome.ts'
import type { RenderedConfig as Rendered } from '../../collect/render-config.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import type { ObjectStore } from '../../objects.ts'
import { keys, resultShards, shardOf } from '../../table/keys.ts'
import type { Table, Write } from '../../table/table.ts'
import { observe, type RowTools } from '../facts/observe.ts'
import type { Opener } from '../keyring.ts'
import { weigh, type Noise, type Weighed } from '../versions/noise.ts'
import { BackupState, ConfigVersion, expiryOf, RunResult, textKeyOf, type Observed } from '../records.ts'
import { linesOf } from '../versions/shrink.ts'
import { pendingCommit, storeVersion } from '../versions/store-version.ts'
import type { WorkItem } from './work.ts'

/** A configuration as it will be shown, and as it came. */
export type RenderedConfig = Rendered & { raw: string }

export type DeviceRun = {
  runId: number
  pass: number
  item: WorkItem
  outcome: Outcome
  /** Present when the outcome is good. */
  config: RenderedConfig | undefined
  /** Of the credential that was accepted. */
  secretVersion?: number | undefined
  /** Lines of this device that mean nothing when they change. */
  noise?: Noise | undefined
}

export type RecordStores = {
  table: Table
  archive: ObjectStore
  keyring: Opener
  now: () => Date
  rows: RowTools
}

/** Another run may record the same device at the same time: so often the newer state is read and tried again. */
const attemptsMax = 5

/**
 * Stores what became of one device in one run: a new version only when the shown text changed.
 * Unchanged: two writes and no object. Changed: the texts go to the archive first, then one transaction names them,
 * so nothing half stored is ever visible.
 * @param known the device's state as read for the batch.
 */
export async function recordDevice(
  stores: RecordStores,
  run: DeviceRun,
  known: BackupState | undefined,
  earlier: RunResult | undefined,
): Promise<RunResult> {
  let state = known
  let isGone = false
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await recordOnce(stores, { ...run, isGone }, { state, earlier })
    } catch (error) {
      if (!(error instanceof AppError) || !raceCodes.has(error.code) || attempt === attemptsMax) throw error
      // Deleted while it was asked: there is nothing left to observe it for.
      isGone ||= error.code === 'reference_missing'
      const { deviceId } = run.item
      // In this order: whoever wrote the state that is seen has its result there, too.
      state = await stores.table.get(BackupState, keys.backupState(deviceId))
      const key = keys.runResult(run.runId, shardOf(deviceId, resultShards), deviceId)
      const other = await stores.table.get(RunResult, key)
      if (other !== undefined && isDone(other, run.pass)) return other
    }
  }
}

/**
 * A batch may be handed out again after it was carried out, and even while it is: who has an answer in this pass, or a
 * good one, is not asked again. A rejected password is never offered twice.
 */
export const isDone = (result: RunResult, pass: number): boolean =>
  result.status !== 'failed' || result.pass >= pass

/** Two first observations of a device meet at its id. */
const raceCodes: ReadonlySet<ErrorCode> = new Set(['version_conflict', 'id_taken', 'reference_missing'])

async function recordOnce(
  stores: RecordStores,
  run: DeviceRun & { isGone: boolean },
  { state, earlier }: { state: BackupState | undefined; earlier: RunResult | undefined },
): Promise<RunResult> {
  const finishedAt = stores.now().toISOString()
  const { config } = run
  const isChanged = config !== undefined && config.sha256 !== state?.sha256
  const sequence = (state?.sequence ?? 0) + (isChanged ? 1 : 0)
  const weighed = await weigh(run, state, isChanged)
  const result = resultOf(run, { isChanged, sequence, finishedAt, earlier, weighed })
  const seen = run.isGone ? { observed: state?.observed, writes: [] } : await observe(stores, run, state)
  const next = nextState(run, { state, sequence, finishedAt, weighed, observed: seen.observed })
  const writes: Write[] = [
    stateWrite(state, next),
    ...seen.writes,
    {
      put: {
        ...keys.runResult(run.runId, shardOf(run.item.deviceId, resultShards), run.item.deviceId),
        ...result,
        expiresAt: expiryOf(stores.now()),
      },
      unconditionally: true,
    },
  ]
  const found = { run, state, sequence, finishedAt, isSignificant: weighed.isSignificant }
  if (isChanged) writes.push(...(await storeVersion(stores, { ...found, config })))
  else if (config !== undefined && state?.path !== run.item.path) {
    // Renamed or moved: the same text is to be committed under its new path.
    const stored = await stores.table.get(ConfigVersion, keys.configVersion(run.item.deviceId, sequence))
    const textKey = stored?.textKey ?? textKeyOf(config.sha256)
    writes.push(pendingCommit(run, sequence, textKey))
  }
  await stores.table.write(writes)
  return result
}

function resultOf(
  run: DeviceRun,
  found: {
    isChanged: boolean
    sequence: number
    finishedAt: string
    earlier: RunResult | undefined
    weighed: Weighed
  },
): RunResult {
  const { outcome, item } = run
  const status = !outcome.ok ? 'failed' : found.isChanged ? 'changed' : 'unchanged'
  return {
    runId: run.runId,
    deviceId: item.deviceId,
    name: item.name,
    pass: run.pass,
    ...(found.earlier === undefined ? {} : { failedBefore: true }),
    status,
    ...(found.isChanged && !found.weighed.isSignificant ? { significant: false } : {}),
    ...(outcome.ok
      ? { serial: outcome.serial, os: outcome.os, facts: outcome.facts }
      : { category: outcome.category, detail: outcome.detail, ...refusedKey(outcome) }),
    ...(found.sequence > 0 ? { sequence: found.sequence } : {}),
    ...(outcome.detected === undefined ? {} : { detected: outcome.detected }),
    ...(outcome.credentialId === undefined ? {} : { credentialId: outcome.credentialId }),
    attempts: outcome.attempts,
    finishedAt: found.finishedAt,
    elapsedMs: Math.round(outcome.elapsedMs),
    events: [...earlierEvents(found.earlier, run.pass), ...outcome.events],
  }
}

const refusedKey = ({ category, hostKey }: Failed & Outcome): Pick<RunResult, 'hostKey'> =>
  category === 'host_key_changed' && hostKey !== undefined ? { hostKey } : {}

const earlierEvents = (earlier: RunResult | undefined, pass: number): RunResult['events'] =>
  earlier !== undefined && earlier.pass < pass ? earlier.events : []

function nextState(
  run: DeviceRun,
  found: {
    state: BackupState | undefined
    sequence: number
    finishedAt: string
    weighed: Weighed
    observed: Observed | undefined
  },
): BackupState {
  const { state, sequence, finishedAt, weighed, observed } = found
  const { essence } = weighed
  const { outcome } = run
  const pinned = state?.hostKeys ?? []
  const isFirstKey = outcome.ok && pinned.length === 0 && outcome.hostKey !== undefined
  const base = {
    deviceId: run.item.deviceId,
    version: (state?.version ?? 0) + 1,
    sequence,
    hostKeys: isFirstKey && outcome.hostKey !== undefined ? [outcome.hostKey] : pinned,
    lastRunId: run.runId,
  }
  const credentialId = outcome.credentialId ?? state?.credentialId
  const secretVersion = outcome.credentialId === undefined ? state?.secretVersion : run.secretVersion
  const sha256 = run.config?.sha256 ?? state?.sha256
  const lines = run.config === undefined ? state?.lines : linesOf(run.config)
  const lastChange = run.config === undefined ? state?.lastChange : run.config.lastChange
  const path = outcome.ok ? run.item.path : state?.path
  const kept = {
    ...(credentialId === undefined ? {} : { credentialId }),
    ...(secretVersion === undefined ? {} : { secretVersion }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(lines === undefined ? {} : { lines }),
    ...(essence === undefined ? {} : { essence }),
    ...(lastChange === undefined ? {} : { lastChange }),
    ...(path === undefined ? {} : { path }),
    ...(observed === undefined ? {} : { observed }),
  }
  if (outcome.ok) return { ...base, ...kept, failuresInRow: 0, lastSuccessAt: finishedAt }
  return {
    ...base,
    ...kept,
    ...(state?.lastSuccessAt === undefined ? {} : { lastSuccessAt: state.lastSuccessAt }),
    // A device that was skipped by the breaker did not fail again: its rest must end some day.
    ...(outcome.category === 'breaker_open' || isStillRefused(state, outcome)
      ? failureOf(state)
      : {
          lastFailure: outcome.category,
          lastFailureAt: finishedAt,
          failuresInRow: (state?.failuresInRow ?? 0) + (failureCategories[outcome.category].breaks ? 1 : 0),
        }),
  }
}

const notAsked: ReadonlySet<string> = new Set(['login_budget', 'session_cap'])

/** Who refused the login before, and was passed by now, is still known as one that refuses it. */
const isStillRefused = (state: BackupState | undefined, outcome: Outcome): boolean =>
  !outcome.ok && notAsked.has(outcome.category) && state?.lastFailure === 'auth'

function failureOf(
  state: BackupState | undefined,
): Pick<BackupState, 'failuresInRow' | 'lastFailure' | 'lastFailureAt'> {
  return {
    failuresInRow: state?.failuresInRow ?? 0,
    ...(state?.lastFailure === undefined ? {} : { lastFailure: state.lastFailure }),
    ...(state?.lastFailureAt === undefined ? {} : { lastFailureAt: state.lastFailureAt }),
  }
}

function stateWrite(state: BackupState | undefined, next: BackupState): Write {
  const put = { ...keys.backupState(next.deviceId), ...next }
  return state === undefined
    ? { put, ifAbsent: 'version_conflict' }
    : { put, ifVersion: state.version, otherwise: 'version_conflict' }
}
