import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { commitRun } from '../../../shared/backups/versions/commit-run.ts'
import { readText } from '../../../shared/backups/device-records.ts'
import { retentionPolicy } from '../../../shared/backups/models/retention-policy.ts'
import { pinVersion, unpinVersion } from '../../../shared/backups/retention/pins.ts'
import { retentionJob } from '../../../shared/backups/retention/policies.ts'
import { runRetention } from '../../../shared/backups/retention/run-retention.ts'
import { sweepObjects } from '../../../shared/backups/retention/texts.ts'
import { createJob, readJob, type Job } from '../../../shared/core/jobs.ts'
import { createRows } from '../../../shared/model/records.ts'
import { keys } from '../../../shared/table/keys.ts'
import { actor } from '../../support/engine.ts'
import { makeDevice, makeGround, type Ground } from '../../support/inventory.ts'
import { startStoredConfigs, type StoredConfigs } from '../../support/stored-configs.ts'

type Device = { id: number; name: string }

const day = 86_400_000
let clock = Date.parse('2026-11-01T12:00:00Z')
const now = (): Date => new Date(clock)
let configs: StoredConfigs
let ground: Ground
let [sw1, sw2, sw3]: Device[] = []

beforeAll(async () => {
  configs = await startStoredConfigs(now)
  ground = await makeGround(configs.engine)
  ;[sw1, sw2, sw3] = [await made('sw1'), await made('sw2'), await made('sw3')]
  await createRows(configs.engine, retentionPolicy, [{ name: 'two', keep_versions: 2 }], { actor })
})
afterAll(() => configs?.stop())

const made = async (name: string): Promise<Device> => ({
  id: await makeDevice(configs.engine, ground, { name }),
  name,
})
const stores = () => ({ table: configs.engine.table, archive: configs.stores.archive, now })
const config = (name: string): string => `hostname ${name}\ninterface ${name}\nend\n`

/** Each text on a day of its own. */
async function store(device: Device | undefined, names: readonly string[], runId: number): Promise<void> {
  for (const name of names) {
    clock += day
    await configs.store(device ?? { id: 0, name: '' }, config(name), { runId, at: now() })
  }
  await configs.index()
}

const commit = (id: number) =>
  commitRun(stores(), { id, requestedBy: 'x', counts: { changed: 1, unchanged: 0, failed: 0, skipped: 0 } })

async function keep(device: Device | undefined, names: readonly string[]): Promise<void> {
  await store(device, names, 1)
  await commit(1)
}

async function run(isDry: boolean): Promise<Job> {
  const { id } = await createJob(configs.engine, retentionJob(isDry, actor))
  await step(id, Infinity)
  return readJob(configs.engine, id)
}

const step = (jobId: number, until: number) => {
  const { engine, archive, work } = configs.stores
  return runRetention({ engine, archive, work }, { jobId, execution: 'one' }, until)
}

async function textOf(device: Device | undefined, version: number | 'latest'): Promise<string> {
  const { text } = await readText(stores(), device?.id ?? 0, version)
  return new TextDecoder().decode(text)
}

const pin = (device: Device | undefined, version: number) =>
  pinVersion(configs.engine, { deviceId: device?.id ?? 0, version, reason: 'before the merger' }, actor)

const objects = async (prefix: string): Promise<number> =>
  (await Array.fromAsync(configs.stores.archive.list(prefix))).length

test('a dry run tells what would go and lets nothing go', async () => {
  await keep(sw1, ['a', 'b', 'c', 'shared', 'd', 'e'])
  await keep(sw2, ['shared', 'x', 'y'])
  await keep(sw3, ['z'])
  clock += 2 * day

  const job = await run(true)

  expect(job).toMatchObject({ state: 'completed', result: { dry_run: true, devices: 2, versions: 5 } })
  const file = await configs.stores.work.get(`jobs/${job.id}/files/retention-1.csv`)
  expect(new TextDecoder().decode(file)).toContain(`${sw1?.id},"sw1","two",6,4,`)
  expect(await textOf(sw1, 1)).toContain('interface a')
  expect(await objects('raw/')).toBe(10)
})

test('what goes says so by its number, what is pinned stays, and texts go a day after the last version', async () => {
  await pin(sw1, 2)

  const job = await run(false)

  expect(job.result).toMatchObject({ versions: 4, raw_deleted: 4, texts_deleted: 0, texts_waiting: 3 })
  expect([await textOf(sw1, 2), await textOf(sw1, 5), await textOf(sw2, 2)]).toEqual(
    ['b', 'd', 'x'].map(config),
  )
  await expect(textOf(sw1, 1)).rejects.toMatchObject({
    code: 'version_gone',
    message: expect.stringMatching(/^Version 1 was let go on 2026-.* by the policy "two"\.$/),
    extra: { gone: { job: job.id } },
  })
  await expect(textOf(sw1, 99)).rejects.toMatchObject({ code: 'not_found' })
  await expect(pin(sw1, 3)).rejects.toMatchObject({ code: 'version_gone' })
  const found = await configs.search({ q: 'interface', history: 'true', limit: '100' })
  expect(found.results.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual([1, 2, 2, 3, 5, 6])
  expect([await objects('raw/'), await objects('configs/')]).toEqual([6, 9])
  clock += day + 1

  // Both versions with the shared text are gone by now, and the text with them.
  expect((await run(false)).result).toMatchObject({ versions: 0, texts_deleted: 3, texts_waiting: 0 })
  expect([await objects('raw/'), await objects('configs/')]).toEqual([6, 6])
  await unpinVersion(configs.engine, { deviceId: sw1?.id ?? 0, version: 2, reason: 'over' }, actor)
  expect((await run(false)).result).toMatchObject({ versions: 1 })
})

test('texts that are stored again while they are going are there afterwards', async () => {
  const names = Array.from({ length: 12 }, (_, n) => `again-${n}`)
  await keep(sw3, [...names, 'p', 'q'])
  clock += 2 * day
  await run(false)
  const before = await Promise.all(names.map(made))
  const after = await Promise.all(names.map((name) => made(`${name}-b`)))
  const storeAll = (devices: readonly Device[]) =>
    devices.map((device, n) => configs.store(device, config(names[n] ?? ''), { runId: 1, at: now() }))
  const sweep = () => sweepObjects(stores(), Infinity)

  // Once while they wait, and once while they are deleted.
  await Promise.all([sweep(), ...storeAll(before)])
  clock += day + 1
  const swept = await Promise.all([sweep(), sweep(), ...storeAll(after)])
  clock += 2 * day
  await sweep()

  expect(swept[0]).toMatchObject({ texts: 13 })
  for (const devices of [before, after])
    expect(await Promise.all(devices.map((device) => textOf(device, 'latest')))).toEqual(names.map(config))
})

test('a pin and a job that lets go at the same moment: one of them is refused', async () => {
  const race = await made('race')
  await keep(
    race,
    Array.from({ length: 22 }, (_, n) => `race-${n}`),
  )
  clock += 2 * day
  const versions = Array.from({ length: 20 }, (_, n) => n + 1)

  const [, pins] = await Promise.all([
    run(false),
    Promise.allSettled(versions.map((version) => pin(race, version))),
  ])

  const codeOf = (reading: Promise<string>): Promise<string> =>
    reading.then(
      () => 'is there',
      (error: { code: string }) => error.code,
    )
  const found = await Promise.all(versions.map((version) => codeOf(textOf(race, version))))
  expect(found).toEqual(pins.map(({ status }) => (status === 'fulfilled' ? 'is there' : 'version_gone')))
})

test('what no commit has passed by yet stays, and a job out of time goes on where it was', async () => {
  await store(await made('late'), ['l1', 'l2', 'l3', 'l4'], 9)
  clock += 2 * day
  expect((await run(false)).result).toMatchObject({ versions: 0 })
  await commit(9)
  const { id } = await createJob(configs.engine, retentionJob(false, actor))

  const steps = [await step(id, 0), await step(id, Infinity)]

  expect(steps).toEqual([{ next: 'retention' }, { next: 'done' }])
  expect((await readJob(configs.engine, id)).result).toMatchObject({ versions: 2 })
})

test('a text that a version from before its uses were written has is not deleted under it', async () => {
  const { table } = configs.engine
  const [old, young] = [await made('old'), await made('young')]
  await keep(old, ['both'])
  const Stored = z.object({ textKey: z.string() })
  const { textKey = '' } = (await table.get(Stored, keys.configVersion(old.id, 1))) ?? {}
  await table.write([
    { remove: keys.textUse(textKey, old.id, 1), unconditionally: true },
    { remove: keys.textUsesComplete(), unconditionally: true },
  ])
  await keep(young, ['both', 'm', 'n'])
  clock += 2 * day

  await run(false)
  clock += 2 * day
  await run(false)

  await expect(textOf(young, 1)).rejects.toMatchObject({ code: 'version_gone' })
  expect(await textOf(old, 1)).toBe(config('both'))
})
