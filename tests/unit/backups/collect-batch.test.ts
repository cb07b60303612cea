import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LabRouter } from '../../../local/lab/lab.ts'
import { failuresToOpen } from '../../../shared/backups/runs/breaker.ts'
import { collectBatch, type CollectStores } from '../../../shared/backups/runs/collect-batch.ts'
import { openSealer, sealText } from '../../../shared/backups/keyring.ts'
import { readVersions } from '../../../shared/backups/device-records.ts'
import { BackupState, RunResult, RunTally, Uncommitted } from '../../../shared/backups/records.ts'
import type { WorkItem } from '../../../shared/backups/runs/work.ts'
import type { ObjectStore } from '../../../shared/objects.ts'
import { keys, resultShards, shardOf } from '../../../shared/table/keys.ts'
import type { Table } from '../../../shared/table/table.ts'
import { rowTools } from '../../support/engine.ts'
import { keyServiceOf } from '../../support/key-service.ts'
import { startRepository, type TestRepository } from '../../support/git-repository.ts'
import { login, startDevice } from '../../support/ssh-lab.ts'

let repository: TestRepository
let stores: CollectStores
const keyService = keyServiceOf()
const clock = { now: new Date('2026-11-21T12:00:00Z') }
let runId = 0

beforeAll(async () => {
  repository = await startRepository()
  const { table, objects: archive } = repository.stores
  stores = { table, archive, keyService, now: () => clock.now, rows: rowTools(), limits: { loginMs: 3000 } }
  await keepCredential(1, login.password)
})

afterAll(() => repository?.stop())

test('the breaker opens after five failures in a row, then lets one attempt through, then closes', async () => {
  const device = await startDevice({ fault: { kind: 'no-end', afterLines: 10 } })
  const item = itemOf(101, device)
  for (let count = 0; count < failuresToOpen; count += 1) await collect(item)
  const before = device.sessions

  const resting = await collect(item)
  clock.now = new Date(clock.now.getTime() + 61_000)
  const halfOpen = await collect(item)
  const restingAgain = await collect(item)
  clock.now = new Date(clock.now.getTime() + 61_000)
  device.setFault(undefined)
  const healed = await collect(item)
  const closed = await collect(item)

  expect(before).toBe(failuresToOpen)
  expect([resting, halfOpen, restingAgain].map(({ category }) => category)).toEqual([
    'breaker_open',
    'incomplete',
    'breaker_open',
  ])
  expect([healed, closed].map(({ status }) => status)).toEqual(['changed', 'unchanged'])
  expect(device.sessions).toBe(before + 3)
})

test('what we cannot store is no failure of the device: its breaker stays closed', async () => {
  const device = await startDevice()
  const item = itemOf(151, device)
  const refusing: ObjectStore = { ...stores.archive, put: () => Promise.reject(new Error('no room')) }
  for (let count = 0; count < failuresToOpen; count += 1) {
    await collectBatch({ ...stores, archive: refusing }, { runId: ++runId, pass: 1, items: [item] })
  }
  const refused = await resultOf(151, runId)

  const stored = await collect(item)

  expect(refused).toMatchObject({ status: 'failed', category: 'internal' })
  expect(stored).toMatchObject({ status: 'changed', sequence: 1 })
})

test('a batch that is handed out again asks no device twice, and offers no rejected password again', async () => {
  const good = await startDevice()
  const closed = await startDevice({ name: 'other', logins: [{ username: 'somebody', password: 'Else-1' }] })
  const items = [itemOf(201, good), itemOf(202, closed)]
  const batch = { runId: ++runId, pass: 1, items }
  await collectBatch(stores, batch)
  good.change()

  const again = await collectBatch(stores, batch)

  expect(again).toEqual({
    changed: 1,
    unchanged: 0,
    failed: 1,
    skipped: 0,
    retried: 0,
    heads: [
      { deviceId: 201, name: good.name, pass: 1, status: 'changed' },
      { deviceId: 202, name: 'other', pass: 1, status: 'failed', category: 'auth' },
    ],
  })
  expect([good.sessions, closed.refused.length]).toEqual([1, 1])
  expect(await resultOf(201, runId)).toMatchObject({ status: 'changed', sequence: 1 })
  expect(await resultOf(202, runId)).toMatchObject({ status: 'failed', category: 'auth' })
})

test('one batch that is carried out twice at the same time stores one version and says so once', async () => {
  const device = await startDevice()
  const batch = { runId: ++runId, pass: 1, items: [itemOf(301, device)] }

  const tallies = await Promise.all([1, 2, 3].map(() => collectBatch(stores, batch)))

  for (const tally of tallies)
    expect(tally).toMatchObject({ changed: 1, unchanged: 0, failed: 0, retried: 0 })
  const state = await stores.table.get(BackupState, keys.backupState(301))
  expect(state).toMatchObject({ sequence: 1 })
})

test.each(['get', 'getMany'] as const)(
  'a twin that has stored a version by the time the state is read (%s) is seen, and its result stays',
  async (read) => {
    const device = await startDevice()
    const deviceId = read === 'get' ? 302 : 303
    const batch = { runId: ++runId, pass: 1, items: [itemOf(deviceId, device)] }
    const { table } = stores
    let twin: Promise<unknown> | undefined
    const overtaken = async (schema: unknown): Promise<void> => {
      if (schema !== BackupState) return
      twin ??= collectBatch(stores, batch)
      await twin
    }
    const over: Table = {
      ...table,
      get: async (schema, key) => {
        if (read === 'get') await overtaken(schema)
        return table.get(schema, key)
      },
      getMany: async (schema, wanted) => {
        if (read === 'getMany') await overtaken(schema)
        return table.getMany(schema, wanted)
      },
    }

    const tally = await collectBatch({ ...stores, table: over }, batch)

    expect(twin).toBeDefined()
    expect(tally).toMatchObject({ changed: 1, unchanged: 0 })
    expect(await resultOf(deviceId, runId)).toMatchObject({ status: 'changed' })
    // Where the twin was through before the batch began, the device is left alone.
    expect(device.sessions).toBe(read === 'get' ? 2 : 1)
  },
)

test('a second pass takes back its devices’ first failures, however often it is handed out', async () => {
  const device = await startDevice({ fault: { kind: 'no-end', afterLines: 10 } })
  const items = [itemOf(401, device)]
  await collectBatch(stores, { runId: ++runId, pass: 1, items })
  device.setFault(undefined)

  await collectBatch(stores, { runId, pass: 2, items })
  await collectBatch(stores, { runId, pass: 2, items })

  const tallies = await Array.fromAsync(stores.table.query(RunTally, { partition: keys.runTallies(runId) }))
  const failed = tallies.reduce((sum, tally) => sum + tally.failed - tally.retried, 0)
  expect(failed).toBe(0)
})

test('an archive that does not take one device’s text costs the others nothing', async () => {
  const [bad, good] = [await startDevice(), await startDevice({ name: 'core2', index: 2 })]
  const { archive } = stores
  const put: ObjectStore['put'] = (key, ...rest) =>
    key.startsWith('raw/501/') ? Promise.reject(new Error('the disk is full')) : archive.put(key, ...rest)
  const items = [itemOf(501, bad), itemOf(502, good)]

  const tally = await collectBatch(
    { ...stores, archive: { ...archive, put } },
    { runId: ++runId, pass: 1, items },
  )

  expect(tally).toMatchObject({ changed: 1, failed: 1 })
  expect(await resultOf(501, runId)).toMatchObject({
    category: 'internal',
    detail: 'the configuration could not be stored: Error: the disk is full',
  })
})

test('a version is ascribed to whom the device names, and to nobody when it names the same change again', async () => {
  const device = await startDevice({ name: 'core1.ams.example.net' })
  const item = itemOf(501, device)
  await collect(item)
  const firstRun = runId
  device.change()
  await collect(item)

  const versions = await readVersions(stores.table, 501)
  const pending = await Promise.all(
    [firstRun, runId].map((run) => stores.table.get(Uncommitted, keys.uncommitted(run, 501))),
  )

  const lastChange = { by: 'netops', at: '09:37:40 UTC Tue Aug 20 2024' }
  const author = { name: 'netops', email: 'netops@ams.example.net' }
  expect(versions.map(({ sequence }) => sequence)).toEqual([2, 1])
  expect(versions[1]).toMatchObject({ lastChange, author })
  expect(versions[0]).toMatchObject({ lastChange })
  expect(versions[0]).not.toHaveProperty('author')
  expect(pending.map((one) => one?.author)).toEqual([author, undefined])
})

const itemOf = (deviceId: number, { host, port, deviceType, name }: LabRouter): WorkItem => ({
  deviceId,
  name,
  host,
  port,
  deviceType,
  path: `ams/${deviceId}.cfg`,
  credentialIds: [1],
})

/** One device in a run of its own. */
async function collect(item: WorkItem): Promise<RunResult> {
  runId += 1
  await collectBatch(stores, { runId, pass: 1, items: [item] })
  return resultOf(item.deviceId, runId)
}

async function resultOf(deviceId: number, run: number): Promise<RunResult> {
  const key = keys.runResult(run, shardOf(deviceId, resultShards), deviceId)
  const found = await stores.table.get(RunResult, key)
  if (found === undefined) throw new Error(`no result of ${deviceId}`)
  return found
}

async function keepCredential(id: number, password: string): Promise<void> {
  const sealed = await sealText(await openSealer(stores.table, keyService), password)
  const item = { id, username: login.username, password: sealed }
  await stores.table.write([
    { put: { ...keys.entity('backups.credential', id), ...item }, unconditionally: true },
  ])
}
