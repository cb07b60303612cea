import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LabRouter } from '../../../local/lab/lab.ts'
import { collectBatch, type CollectStores } from '../../../shared/backups/runs/collect-batch.ts'
import { openSealer, sealText } from '../../../shared/backups/keyring.ts'
import { BackupState, RunResult } from '../../../shared/backups/records.ts'
import { keys, resultShards, shardOf } from '../../../shared/table/keys.ts'
import { startRepository, type TestRepository } from '../../support/git-repository.ts'
import { rowTools } from '../../support/engine.ts'
import { keyServiceOf } from '../../support/key-service.ts'
import { login, startDevice } from '../../support/ssh-lab.ts'

const keyService = keyServiceOf()
const deviceId = 7
let repository: TestRepository
let stores: CollectStores
let runId = 0

beforeAll(async () => {
  repository = await startRepository()
  const { table, objects: archive } = repository.stores
  stores = { table, archive, keyService, now: () => new Date(), rows: rowTools() }
  const password = await sealText(await openSealer(table, keyService), login.password)
  const item = { id: 1, username: login.username, password }
  await table.write([{ put: { ...keys.entity('backups.credential', 1), ...item }, unconditionally: true }])
})
afterAll(() => repository?.stop())

async function collect(id: number, { host, port, deviceType, name }: LabRouter): Promise<RunResult> {
  runId += 1
  const path = `ams/${id}.cfg`
  const item = { deviceId: id, name, host, port, deviceType, path, credentialIds: [1] }
  await collectBatch(stores, { runId, pass: 1, items: [item] })
  const key = keys.runResult(runId, shardOf(id, resultShards), id)
  const found = await stores.table.get(RunResult, key)
  if (found === undefined) throw new Error('no result')
  return found
}

test('a configuration that lost most of its lines in one session only is never stored', async () => {
  const device = await startDevice()
  await collect(deviceId, device)
  device.setFault({ kind: 'shrunk', lines: 12, once: true })

  const cut = await collect(deviceId, device)
  const whole = await collect(deviceId, device)

  expect(cut).toMatchObject({ status: 'failed', category: 'incomplete' })
  expect(cut.detail).toMatch(
    /^the configuration shrank from \d+ to \d+ lines, and a second session read another one$/,
  )
  expect(device.sessions).toBe(4)
  expect(whole).toMatchObject({ status: 'unchanged', sequence: 1 })
})

test('one that two sessions read alike is believed, and the log says so', async () => {
  const device = await startDevice()
  await collect(deviceId + 1, device)
  device.setFault({ kind: 'shrunk', lines: 12, once: false })

  const shrunk = await collect(deviceId + 1, device)
  const again = await collect(deviceId + 1, device)

  expect(shrunk).toMatchObject({ status: 'changed', sequence: 2 })
  expect(shrunk.events.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('a second session read the same'),
  )
  expect(again).toMatchObject({ status: 'unchanged' })
  expect(device.sessions).toBe(4)
  expect(await stores.table.get(BackupState, keys.backupState(deviceId + 1))).toMatchObject({ sequence: 2 })
})
