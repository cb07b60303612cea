import { renderConfig } from '../../collect/render-config.ts'
import { collectDevice } from '../../collect/collect-device.ts'
import type { FailureCategory, Outcome } from '../../collect/outcome.ts'
import type { Reach } from '../../collect/reach.ts'
import type { LoginGate } from '../../collect/login-gate.ts'
import { defaultLimits, type CollectRequest } from '../../collect/request.ts'
import type { Platform } from '../../platforms/definition.ts'
import { findPlatform } from '../../platforms/platforms.ts'
import { keys, resultShards, shardOf } from '../../table/keys.ts'
import { breakerRestMs, failuresToOpen } from './breaker.ts'
import { openAccess, requestOf } from '../access/batch-access.ts'
import { batchGates } from '../credentials/batch-gates.ts'
import { batchPlaces, type DevicePlaces } from '../access/batch-places.ts'
import type { Cap } from '../access/session-places.ts'
import { credentialUsesOf } from '../credentials/credential-uses.ts'
import { pauseWatch, untilPaused } from './run-pause.ts'
import { openKeyring, type KeyService, type Opener } from '../keyring.ts'
import { loginsOf, openCredentials, type OpenedCredential } from '../credentials/open-credentials.ts'
import { recordSkipped } from './record-skipped.ts'
import { closingWindow, whyClosed, windowsById } from '../schedules/windows.ts'
import { isDone, recordDevice, type DeviceRun, type RecordStores } from './record.ts'
import { BackupState, expiryOf, ResultHead, RunResult, type RunTally } from '../records.ts'
import { noiseOf } from '../versions/noise.ts'
import { noisePatterns } from '../versions/noise-patterns.ts'
import { agree, hasShrunk, type Reading } from '../versions/shrink.ts'
import type { WorkItem } from './work.ts'

export type CollectStores = Omit<RecordStores, 'keyring'> & {
  keyService: KeyService
  limits?: CollectRequest['limits']
}

type Batch = { runId: number; pass: number; items: readonly WorkItem[] }

/**
 * Backs up the devices of one batch, all at once. Costs one KMS call. Never throws for a device: what a device
 * does is in its result. Devices that a pause of the run has kept from being asked have none.
 */
export async function collectBatch(stores: CollectStores, batch: Batch): Promise<RunTally> {
  const { table } = stores
  const watch = pauseWatch(table, batch.runId)
  if (await watch()) return tallyOf([])
  const ids = batch.items.map(({ deviceId }) => deviceId)
  const [keyring, states, windows] = await Promise.all([
    openKeyring(table, stores.keyService),
    table.getMany(
      BackupState,
      ids.map((id) => keys.backupState(id)),
    ),
    windowsById(
      table,
      batch.items.flatMap((item) => item.windows ?? []),
    ),
  ])
  // Not before the states: whoever wrote a state that was seen has its result there, too.
  const earlier = await table.getMany(
    RunResult,
    ids.map((id) => keys.runResult(batch.runId, shardOf(id, resultShards), id)),
  )
  const patternsOf = noisePatterns(table)
  const places = batchPlaces({ table, now: stores.now })
  const gates = batchGates({ table, now: stores.now })
  const access = await openAccess(table, keyring, batch.items, gates)
  const credentials = await openCredentials(
    table,
    keyring,
    batch.items.flatMap(({ credentialIds }) => credentialIds),
    stores.now(),
  )
  const settled = await Promise.allSettled(
    batch.items.map(async (item, index) => {
      const known = earlier[index]
      if (known !== undefined && isDone(known, batch.pass)) return known
      const own = item.windows?.flatMap((id) => windows.get(id) ?? []) ?? []
      const closing = closingWindow(own, stores.now())
      if (closing !== undefined) return known ?? recordSkipped(stores, { ...batch, item }, whyClosed(closing))
      const state = states[index]
      const { runId, pass } = batch
      const ownPlaces = places.ofDevice(deviceMsOf(stores, item), watch)
      const holder = { name: `device-${item.deviceId}`, realm: item.access?.realm, places: ownPlaces }
      const gate = gates.gateFor(holder, (id) => credentials.get(id)?.realm)
      const ways = untilPaused(watch, { reach: access.reachOf(item), gate })
      const reading = await readConfig(
        stores,
        { item, state, credentials, ...ways, places: ownPlaces, caps: access.capsOf(item) },
        keyring,
      )
      if (await ways.isGivenBack()) return undefined
      const secretVersion = secretVersionOf(reading.outcome, credentials)
      const noise = noiseOf(platformOf(item, reading.outcome), item.noise, patternsOf)
      const run = { runId, pass, item, ...reading, secretVersion, noise }
      return recordStored({ ...stores, keyring }, run, state, known)
    }),
  )
  await access.close()
  await places.close()
  // Only now: a Lambda that has answered stands still, and with it whoever is still being recorded.
  const results = settled.flatMap((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value ?? []
  })
  await storeTally(stores, batch, results)
  return tallyOf(results)
}

/** What is read instead of the results; nothing where all devices were given back. */
async function storeTally(
  { table, now }: CollectStores,
  batch: Batch,
  results: readonly RunResult[],
): Promise<void> {
  // Not of the batch: who was given back begins another one.
  const first = results[0]?.deviceId
  if (first === undefined) return
  const expiresAt = expiryOf(now())
  const key = keys.runTally(batch.runId, batch.pass, first)
  await table.write([
    { put: { ...key, ...tallyOf(results), expiresAt }, unconditionally: true },
    ...credentialUsesOf(batch, results, expiresAt),
  ])
}

/** What the archive or the table does not take is that device's failure; only when not even this is taken, the batch's. */
async function recordStored(
  stores: RecordStores,
  run: DeviceRun,
  state: BackupState | undefined,
  earlier: RunResult | undefined,
): Promise<RunResult> {
  try {
    return await recordDevice(stores, run, state, earlier)
  } catch (error) {
    const { attempts, events, elapsedMs } = run.outcome
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    const detail = `the configuration could not be stored: ${reason}`
    const outcome: Outcome = { ok: false, category: 'internal', detail, attempts, events, elapsedMs }
    return recordDevice(stores, { ...run, outcome, config: undefined }, state, earlier)
  }
}

type AskedDevice = {
  item: WorkItem
  state: BackupState | undefined
  credentials: ReadonlyMap<number, OpenedCredential>
  reach: Reach
  gate: LoginGate
  places: DevicePlaces
  /** What a session with it needs a place of. */
  caps: readonly Cap[]
}

/** One session; a second one where the first came back with much less than there was. */
async function readConfig(stores: CollectStores, device: AskedDevice, keyring: Opener): Promise<Reading> {
  const read = async (): Promise<Reading> => configOf(device.item, await collectOne(stores, device), keyring)
  const first = await read()
  const linesBefore = device.state?.lines
  if (linesBefore === undefined || !hasShrunk(first.config, linesBefore)) return first
  return agree(first, await read(), linesBefore)
}

async function collectOne(stores: CollectStores, device: AskedDevice): Promise<Outcome> {
  const { item, state } = device
  const restMs = breakerRestMs(state, stores.now())
  if (restMs > 0) {
    const rest = Math.ceil(restMs / 1000)
    return failed('breaker_open', `${failuresToOpen} failures in a row: left alone for ${rest} s more`)
  }
  const credentials = loginsOf(device.credentials, item.credentialIds)
  if (credentials.length === 0) {
    return failed('no_credentials', 'no credential applies: give the device and a credential a tag in common')
  }
  const { places, gate, reach } = device
  try {
    const refused = await places.take(device.caps)
    if (refused !== undefined) return failed(refused.category, refused.detail)
    return await collectDevice(
      {
        ...requestOf(item),
        credentials,
        pinnedHostKeys: state?.hostKeys ?? [],
        limits: { ...stores.limits, ...item.access?.limits },
      },
      { now: stores.now, gate, reach },
    )
  } finally {
    await places.release()
  }
}

const deviceMsOf = ({ limits }: CollectStores, { access }: WorkItem): number =>
  access?.limits.deviceMs ?? limits?.deviceMs ?? defaultLimits.deviceMs

function failed(category: FailureCategory, detail: string): Outcome {
  return { ok: false, category, detail, attempts: [], events: [], elapsedMs: 0 }
}

const platformOf = ({ deviceType }: WorkItem, { detected }: Outcome): Platform | undefined =>
  findPlatform(detected?.deviceType ?? deviceType)

/** Cleaning and redaction are ours: a fault in them is that device's failure, and nothing is stored. */
function configOf(item: WorkItem, outcome: Outcome, keyring: Opener): Reading {
  const platform = platformOf(item, outcome)
  if (!outcome.ok || platform === undefined) return { outcome, config: undefined }
  try {
    const rendered = renderConfig(platform, outcome.running, keyring.redactionKey)
    return { outcome, config: { ...rendered, raw: outcome.running } }
  } catch (error) {
    const { attempts, events, elapsedMs } = outcome
    const detail = error instanceof Error ? error.message : String(error)
    return {
      outcome: { ok: false, category: 'internal', detail, attempts, events, elapsedMs },
      config: undefined,
    }
  }
}

function tallyOf(results: readonly RunResult[]): RunTally {
  const count = (status: RunResult['status']): number =>
    results.filter((result) => result.status === status).length
  return {
    changed: count('changed'),
    unchanged: count('unchanged'),
    failed: count('failed'),
    skipped: count('skipped'),
    retried: results.filter(({ failedBefore }) => failedBefore === true).length,
    heads: results.map((result) => ResultHead.parse(result)),
  }
}

function secretVersionOf(
  { credentialId, former }: Outcome,
  credentials: ReadonlyMap<number, OpenedCredential>,
): number | undefined {
  const taken = credentials.get(credentialId ?? 0)?.secretVersion
  return taken === undefined ? undefined : former === true ? taken - 1 : taken
}
