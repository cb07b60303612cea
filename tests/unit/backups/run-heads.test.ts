import { afterAll, beforeAll, expect, test } from 'vitest'
import { countResults, readHeads, readHeadsSoFar } from '../../../shared/backups/runs/progress.ts'
import type { ResultHead, RunResult } from '../../../shared/backups/records.ts'
import { planSecondPass } from '../../../shared/backups/runs/second-pass.ts'
import type { WorkItem } from '../../../shared/backups/runs/work.ts'
import { workListKey, writeWorkList, readWorkList } from '../../../shared/backups/runs/work-list.ts'
import type { ObjectStore } from '../../../shared/objects.ts'
import { keys, resultShards, shardOf } from '../../../shared/table/keys.ts'
import type { Consumed } from '../../../shared/table/dynamo-table.ts'
import { startTable, type TestTable } from '../../support/table.ts'

const devices = 600
const batchSize = 25
let database: TestTable
let consumed: Consumed[] = []
let runs = 0

beforeAll(async () => {
  database = await startTable({ onConsumed: (one) => void consumed.push(one) })
})
afterAll(() => database?.stop())

test('the results of a run are listed from its batches, for a part of what the results themselves cost', async () => {
  const run = await storeRun()

  const listed = await unitsOf(() => readHeads(database.table, run))
  const fromResults = await unitsOf(() => readHeads(database.table, { id: run.id, total: devices + 1 }))

  expect(listed.value).toHaveLength(devices)
  expect(fromResults.value).toHaveLength(devices)
  expect(listed.units).toBeLessThan(fromResults.units / 10)
})

test('a batch that died is no reason to miss the results it stored', async () => {
  const run = await storeRun({ batchesThatDied: [3] })

  const counts = await countResults(database.table, run)

  expect(counts).toEqual({
    changed: 0,
    unchanged: devices - failing.length,
    failed: failing.length,
    skipped: 0,
  })
})

test('a batch of the time before it told its results is read from these', async () => {
  const run = await storeRun()
  const key = keys.runTally(run.id, 1, 1)
  const before = { ...key, changed: 0, unchanged: batchSize - 1, failed: 1, retried: 0 }
  await database.table.write([{ put: before, unconditionally: true }])

  expect(await readHeads(database.table, run)).toHaveLength(devices)
})

test('a device of both passes is counted once, as the second pass left it', async () => {
  const run = await storeRun()
  const healed = head(failing[0] ?? 0, { pass: 2, status: 'changed', failedBefore: true })
  await storeTally(run.id, 2, [healed])

  const counts = await countResults(database.table, run)

  expect(counts).toEqual({
    changed: 1,
    unchanged: devices - failing.length,
    failed: failing.length - 1,
    skipped: 0,
  })
})

test('while a long run goes on its list has the finished batches, and reads nothing else', async () => {
  const run = await storeRun({ batchesThatDied: [0, 1] })

  const going = await unitsOf(() => readHeadsSoFar(database.table, { ...run, status: 'collecting' }))
  const ended = await unitsOf(() => readHeadsSoFar(database.table, { ...run, status: 'partial' }))

  expect(going.value).toHaveLength(devices - 2 * batchSize)
  expect(ended.value).toHaveLength(devices)
  expect(going.units).toBeLessThan(ended.units / 10)
})

test('the second pass asks by key only for devices of batches that died', async () => {
  const work = memoryObjects()
  const whole = await storeRun()
  const broken = await storeRun({ batchesThatDied: [3] })
  for (const { id } of [whole, broken]) await writeWorkList(work, workListKey(id, 'first'), items)

  const plan = await readsOf(() => planSecondPass({ table: database.table, work }, whole.id))
  const planOfBroken = await readsOf(() => planSecondPass({ table: database.table, work }, broken.id))

  expect(plan.getMany).toBe(0)
  expect(planOfBroken.getMany).toBeGreaterThan(0)
  expect(planOfBroken.getMany).toBeLessThanOrEqual(batchSize)
  for (const { value } of [plan, planOfBroken]) {
    const again = await readWorkList(work, value.key)
    expect(again.map(({ deviceId }) => deviceId)).toEqual(failing)
  }
})

/** Of each batch one device fails. */
const failing = Array.from({ length: devices / batchSize }, (_, batch) => 1 + batch * batchSize)
const ids = Array.from({ length: devices }, (_, index) => 1 + index)
const items = ids.map((deviceId): WorkItem => {
  const path = `ams/${deviceId}.cfg`
  return {
    deviceId,
    name: `r${deviceId}`,
    host: '192.0.2.1',
    port: 22,
    deviceType: '',
    path,
    credentialIds: [],
  }
})

function head(deviceId: number, over: Partial<ResultHead> = {}): ResultHead {
  const isFailing = failing.includes(deviceId)
  const status = isFailing
    ? { status: 'failed' as const, category: 'timeout' as const }
    : { status: 'unchanged' as const }
  return { deviceId, name: `r${deviceId}`, pass: 1, ...status, ...over }
}

/** A session leaves a dozen lines. */
const events = Array.from({ length: 12 }, (_, line) => ({
  at: '2026-11-27T00:00:00.000Z',
  level: 'info' as const,
  message: `what the session did as its step ${line}, in as many words as it takes to say so`,
}))

/** Results of all devices, and the tallies of the batches that lived. */
async function storeRun({ batchesThatDied = [] }: { batchesThatDied?: number[] } = {}): Promise<{
  id: number
  total: number
}> {
  const id = ++runs
  for (let from = 0; from < devices; from += batchSize) {
    const heads = ids.slice(from, from + batchSize).map((deviceId) => head(deviceId))
    await database.table.write(
      heads.map((one) => {
        const rest = { runId: id, attempts: [], finishedAt: '2026-11-27T00:00:00.000Z', elapsedMs: 1, events }
        const result: RunResult = { ...one, ...rest }
        const key = keys.runResult(id, shardOf(one.deviceId, resultShards), one.deviceId)
        return { put: { ...key, ...result }, unconditionally: true } as const
      }),
    )
    if (!batchesThatDied.includes(from / batchSize)) await storeTally(id, 1, heads)
  }
  return { id, total: devices }
}

async function storeTally(runId: number, pass: number, heads: ResultHead[]): Promise<void> {
  const counts = { changed: 0, unchanged: 0, failed: 0, retried: 0 }
  const key = keys.runTally(runId, pass, heads[0]?.deviceId ?? 0)
  await database.table.write([{ put: { ...key, ...counts, heads }, unconditionally: true }])
}

async function unitsOf<T>(work: () => Promise<T>): Promise<{ value: T; units: number }> {
  consumed = []
  const value = await work()
  return { value, units: consumed.reduce((sum, { units }) => sum + units, 0) }
}

async function readsOf<T>(work: () => Promise<T>): Promise<{ value: T; getMany: number }> {
  const { value } = await unitsOf(work)
  const getMany = consumed.filter(({ operation }) => operation === 'getMany')
  return { value, getMany: getMany.reduce((sum, { units }) => sum + units, 0) }
}

function memoryObjects(): ObjectStore {
  const objects = new Map<string, Uint8Array>()
  return {
    get: async (key) => objects.get(key),
    put: async (key, body) => void objects.set(key, Buffer.from(body)),
    exists: async (key) => objects.has(key),
    async *list() {},
    delete: async (keys) => keys.forEach((key) => objects.delete(key)),
  }
}
