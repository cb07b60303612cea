import { mapAhead } from '../../concurrency.ts'
import { AppError } from '../../errors.ts'
import type { Engine } from '../../model/engine.ts'
import type { ObjectStore } from '../../objects.ts'
import { complianceShards, keys } from '../../table/keys.ts'
import { BackupState, ConfigVersion, expiryOf } from '../records.ts'
import { checkDevice, chosenMarks, configOf, isSameChoice, type ReadyRule } from './check-device.ts'
import {
  listOf,
  readDevices,
  readExceptions,
  readRules,
  type CheckedDevice,
  type Exception,
} from './current.ts'
import { newFailuresOf } from './new-failures.ts'
import { complianceKey, ComplianceHead, DeviceCompliance, listReader, type RuleList } from './records.ts'
import { compileRule } from './rule.ts'

export type ComplianceStores = { engine: Engine; archive: ObjectStore; now: () => Date }

export type Checked = {
  /** Devices that were evaluated, and of these, those that fail a rule. */
  devices: number
  failing: number
  /** Their text is too long, or gone. */
  skipped: number
  /** False where time ran out: the next call goes on with what is left. */
  done: boolean
}

export type CheckOptions = {
  /** Default: all. */
  devices?: readonly number[]
  /** What fails newly is noted with this run. */
  runId?: number
  /** No further device is begun after this moment. */
  until?: number
  /** Devices that are looked at before the time is (default: 500). */
  devicesAtOnce?: number
  onProgress?: (current: number, total: number) => Promise<void>
}

const devicesAtOnceMax = 500
const queriesAhead = 16
const textsAhead = 16
/** As a version's text is answered: what nobody can read is not evaluated either. */
const textBytesMax = 4 * 1024 * 1024
/** Two evaluations of one device: the loser looks again. */
const attemptsMax = 5
/** Devices get other tags, runs are stopped: after so long all are looked at, whether rules changed or not. */
const headHoursMax = 24

/**
 * Brings the outcomes of devices up to date with their newest configurations, the rules, and whom these choose. What is
 * up to date is left alone: safe to stop and to repeat at any point.
 */
export async function checkFleet(stores: ComplianceStores, options: CheckOptions = {}): Promise<Checked> {
  const { engine, now } = stores
  const checking = await startChecking(stores, options)
  const devicesAtOnce = options.devicesAtOnce ?? devicesAtOnceMax
  const asked = options.devices === undefined ? undefined : new Set(options.devices)
  const devices = (await readDevices(engine)).filter(({ id }) => asked?.has(id) !== false)
  const sum: Checked = { devices: 0, failing: 0, skipped: 0, done: true }
  if (checking.rules.length > 0) {
    for (let at = 0; at < devices.length; at += devicesAtOnce) {
      await options.onProgress?.(at, devices.length)
      const part = await dueOf(checking, devices.slice(at, at + devicesAtOnce))
      for await (const outcome of mapAhead(part, textsAhead, (due) => checkOne(checking, due))) {
        sum.devices += 1
        if (outcome === 'failing') sum.failing += 1
        if (outcome === 'skipped') sum.skipped += 1
      }
      // What needed nothing took next to no time: each call gets further than the one before.
      const isLate = part.length > 0 && now().getTime() > (options.until ?? Infinity)
      if (isLate && at + devicesAtOnce < devices.length) return { ...sum, done: false }
    }
  }
  if (asked === undefined) await endFullCheck(checking, devices)
  return sum
}

type Checking = {
  stores: ComplianceStores
  runId: number | undefined
  list: RuleList
  rules: ReadyRule[]
  /** Of earlier evaluations, each read once. */
  readList: (hash: string) => Promise<RuleList | undefined>
  exceptionOf: (rule: number, device: number) => Exception | undefined
}

async function startChecking(stores: ComplianceStores, { runId }: CheckOptions): Promise<Checking> {
  const { engine, now } = stores
  const rows = await readRules(engine)
  const rules: ReadyRule[] = []
  for (const row of rows) {
    const compiled = await compileRule(row)
    if (!('rule' in compiled)) throw new AppError('internal', `the rule ${row.id} cannot be read`)
    rules.push({ row, compiled: compiled.rule })
  }
  const list = listOf(rows)
  // Before any device names it. Its key is its content.
  if (rules.length > 0)
    await engine.table.write([
      { put: { ...keys.complianceRules(list.hash), ...list }, unconditionally: true },
    ])
  const exceptionOf = await readExceptions(engine, now())
  return { stores, runId, list, rules, readList: listReader(engine.table), exceptionOf }
}

type Due = { device: CheckedDevice; state: BackupState; before: DeviceCompliance | undefined }

async function dueOf(checking: Checking, devices: readonly CheckedDevice[]): Promise<Due[]> {
  const { table } = checking.stores.engine
  const [states, items] = await Promise.all([
    table.getMany(
      BackupState,
      devices.map(({ id }) => keys.backupState(id)),
    ),
    table.getMany(
      DeviceCompliance,
      devices.map(({ id }) => complianceKey(id)),
    ),
  ])
  const rows = checking.rules.map(({ row }) => row)
  return devices.flatMap((device, index): Due[] => {
    const [state, before] = [states[index], items[index]]
    if (state === undefined || state.sequence === 0) return []
    const isCurrent =
      before?.rules === checking.list.hash &&
      before.sequence === state.sequence &&
      isSameChoice(before.outcomes, chosenMarks(rows, device))
    return isCurrent ? [] : [{ device, state, before }]
  })
}

async function checkOne(
  checking: Checking,
  due: Due,
  attempt = 1,
): Promise<'passing' | 'failing' | 'skipped'> {
  const { engine, archive, now } = checking.stores
  const { device, state, before } = due
  const version = await engine.table.get(ConfigVersion, keys.configVersion(device.id, state.sequence))
  const bytes =
    version === undefined || version.bytes > textBytesMax ? undefined : await archive.get(version.textKey)
  if (version === undefined || bytes === undefined) return 'skipped'
  const config = configOf(version.deviceType, new TextDecoder().decode(bytes))
  const item: DeviceCompliance = {
    deviceId: device.id,
    version: (before?.version ?? 0) + 1,
    sequence: state.sequence,
    checkedAt: now().toISOString(),
    rules: checking.list.hash,
    ...checkDevice(checking.rules, device, config),
  }
  if (await store(checking, due, item)) return Object.keys(item.findings).length > 0 ? 'failing' : 'passing'
  if (attempt === attemptsMax) throw new AppError('write_conflict', `The outcomes of device ${device.id}`)
  const [again] = await dueOf(checking, [device])
  return again === undefined ? 'passing' : checkOne(checking, again, attempt + 1)
}

/** @returns false when somebody else wrote first. What fails newly is noted with it, or not at all. */
async function store(checking: Checking, { device, before }: Due, item: DeviceCompliance): Promise<boolean> {
  const { table } = checking.stores.engine
  const { runId } = checking
  const put = { ...complianceKey(device.id), ...item }
  const failures = runId === undefined ? [] : await newFailuresOf(checking, { before, item })
  const note =
    runId === undefined || failures.length === 0
      ? []
      : [
          {
            put: {
              ...keys.newlyFailing(runId, device.id),
              deviceId: device.id,
              name: device.name,
              rules: failures,
              expiresAt: expiryOf(checking.stores.now()),
            },
            unconditionally: true as const,
          },
        ]
  try {
    await table.write([
      before === undefined
        ? { put, ifAbsent: 'version_conflict' }
        : { put, ifVersion: before.version, otherwise: 'version_conflict' },
      ...note,
    ])
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'version_conflict') return false
    throw error
  }
}

const StoredId = DeviceCompliance.pick({ deviceId: true })

/** Notes that all devices have gone by these rules, and lets go of the outcomes of those that are gone. */
async function endFullCheck({ stores, list }: Checking, devices: readonly CheckedDevice[]): Promise<void> {
  const { table } = stores.engine
  const known = new Set(devices.map(({ id }) => id))
  const shards = Array.from({ length: complianceShards }, (_, shard) => shard)
  const stored = mapAhead(shards, queriesAhead, (shard) =>
    Array.fromAsync(
      table.query(StoredId, { partition: keys.complianceOf(shard), attributes: Object.keys(StoredId.shape) }),
    ),
  )
  for await (const part of stored)
    for (const { deviceId } of part)
      if (!known.has(deviceId))
        await table.write([{ remove: complianceKey(deviceId), unconditionally: true }])
  const head = { rules: list.hash, at: stores.now().toISOString() }
  await table.write([{ put: { ...keys.complianceHead(), ...head }, unconditionally: true }])
}

/** Whether rules were changed since all devices went by them, or that is long ago. */
export async function isCheckDue({ engine, now }: ComplianceStores): Promise<boolean> {
  const { hash } = listOf(await readRules(engine))
  const head = await engine.table.get(ComplianceHead, keys.complianceHead())
  if (head?.rules !== hash) return true
  return now().getTime() - Date.parse(head.at) > headHoursMax * 3_600_000
}
