import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import type { LabRouter } from '../../../local/lab/lab.ts'
import { collectBatch, type CollectStores } from '../../../shared/backups/runs/collect-batch.ts'
import { openSealer, sealText } from '../../../shared/backups/keyring.ts'
import { usualBudget } from '../../../shared/backups/credentials/login-budget.ts'
import { RunResult } from '../../../shared/backups/records.ts'
import type { WorkItem } from '../../../shared/backups/runs/work.ts'
import { keys, resultShards, shardOf } from '../../../shared/table/keys.ts'
import { startRepository, type TestRepository } from '../../support/git-repository.ts'
import { rowTools } from '../../support/engine.ts'
import { keyServiceOf } from '../../support/key-service.ts'
import { login, startDevice } from '../../support/ssh-lab.ts'

const anything = z.unknown()
const windowMs = usualBudget.windowMinutes * 60_000
const keyService = keyServiceOf()
const clock = { now: new Date('2026-11-21T12:00:00Z') }
let repository: TestRepository
let stores: CollectStores
let runId = 0
let devices = 0
let credentials = 0

beforeAll(async () => {
  repository = await startRepository()
  const { table, objects: archive } = repository.stores
  stores = { table, archive, keyService, now: () => clock.now, rows: rowTools() }
})

afterAll(() => repository?.stop())

test('a wrong password for 200 devices in batches at once is sent no more often than the budget allows, until the window has passed', async () => {
  const device = await startDevice()
  const credential = await keepCredential('wrong-everywhere', 'Wrong-One-1')
  const items = itemsOf(200, device, [credential])

  const first = await collectAtOnce(items, 8)
  const inFirst = device.refused.length
  const second = await collectAtOnce(itemsOf(50, device, [credential]), 2)
  const inSecond = device.refused.length - inFirst
  clock.now = new Date(clock.now.getTime() + windowMs + 1000)
  await collectAtOnce(itemsOf(50, device, [credential]), 2)

  expect(inFirst).toBe(usualBudget.failuresMax)
  expect(first).toEqual({ auth: usualBudget.failuresMax, login_budget: 200 - usualBudget.failuresMax })
  expect([inSecond, second]).toEqual([0, { login_budget: 50 }])
  expect(device.refused.length).toBe(2 * usualBudget.failuresMax)
})

test('a password that is right everywhere is held up by nothing, and spends nothing', async () => {
  const device = await startDevice()
  const credential = await keepCredential(login.username, login.password)

  const found = await collectAtOnce(itemsOf(60, device, [credential]), 4)

  expect(found).toEqual({ ok: 60 })
  expect(await slotsOf('unnamed', login.username)).toEqual([])
})

test('one username under several credentials has one budget, in whatever case it is written', async () => {
  const device = await startDevice()
  const some = await keepCredential('shared', 'Wrong-One-1')
  const other = await keepCredential('SHARED', 'Wrong-Two-2')

  await collectAtOnce(itemsOf(20, device, [some, other]), 2)

  expect(device.refused.length).toBe(usualBudget.failuresMax)
})

test('a device has no more than its share, so that others keep theirs', async () => {
  const bad = await startDevice()
  const ids = [
    await keepCredential('sharing', 'Wrong-1'),
    await keepCredential('sharing', 'Wrong-2'),
    await keepCredential('sharing', 'Wrong-3'),
  ]
  const [item] = itemsOf(1, bad, ids)
  if (item === undefined) throw new Error('no item')

  const found = await collectAtOnce([item], 1)

  expect(bad.refused.length).toBe(2)
  expect(found).toEqual({ login_budget: 1 })
})

test('an account that is said to be locked is left alone at once, by its username in its realm only', async () => {
  const device = await startDevice({ authentication: 'keyboard-interactive', locksAfter: 1 })
  const other = await startDevice()
  const locked = await keepCredential('locked-out', 'Wrong-1')
  const works = await keepCredential('works', login.password)
  await collectAtOnce(itemsOf(1, device, [locked]), 1)

  const toldSo = await collectAtOnce(itemsOf(1, device, [locked]), 1)
  const sent = device.refused.length
  const after = await collectAtOnce(itemsOf(40, other, [locked]), 2)

  expect([toldSo, after]).toEqual([{ account_locked: 1 }, { account_locked: 40 }])
  expect([sent, device.refused.length, other.refused.length]).toEqual([2, 2, 0])
  expect(await collectAtOnce(itemsOf(1, other, [works]), 1)).toEqual({ auth: 1 })
})

test('a realm says how many, and devices with accounts of their own count by themselves', async () => {
  const device = await startDevice()
  await keepRealm(1, { failures_max: 2, local_accounts: false })
  await keepRealm(2, { failures_max: 2, local_accounts: true })
  const central = await keepCredential('central', 'Wrong-1', 1)
  const local = await keepCredential('local', 'Wrong-1', 2)

  const inOne = await collectAtOnce(itemsOf(10, device, [central]), 2)
  const apart = await collectAtOnce(itemsOf(10, device, [local]), 2)

  expect(inOne).toEqual({ auth: 2, login_budget: 8 })
  expect(apart).toEqual({ auth: 10 })
})

test('what never got as far as a password counts for nothing', async () => {
  const dead = await startDevice({ fault: { kind: 'mute' } })
  const credential = await keepCredential('never-sent', login.password)

  const found = await collectAtOnce(itemsOf(6, dead, [credential]), 2)

  expect(found).toEqual({ timeout: 6 })
  expect(await slotsOf('unnamed', 'never-sent')).toEqual([])
})

/** Batches as the functions of one run have them: each with queues of its own. @returns how many devices ended how. */
async function collectAtOnce(items: readonly WorkItem[], batches: number): Promise<Record<string, number>> {
  runId += 1
  const size = Math.ceil(items.length / batches)
  const parts = Array.from({ length: batches }, (_, index) => items.slice(index * size, (index + 1) * size))
  const limits = { loginMs: 5000 }
  await Promise.all(parts.map((part) => collectBatch({ ...stores, limits }, { runId, pass: 1, items: part })))
  const results = await stores.table.getMany(
    RunResult,
    items.map(({ deviceId }) => keys.runResult(runId, shardOf(deviceId, resultShards), deviceId)),
  )
  const counts: Record<string, number> = {}
  for (const result of results) {
    const end = result?.category ?? (result === undefined ? 'none' : 'ok')
    counts[end] = (counts[end] ?? 0) + 1
  }
  return counts
}

/** Devices that all are this one. */
const itemsOf = (count: number, { host, port, deviceType }: LabRouter, credentialIds: number[]): WorkItem[] =>
  Array.from({ length: count }, () => {
    devices += 1
    const name = `sw${devices}`
    return { deviceId: devices, name, host, port, deviceType, path: `ams/${name}.cfg`, credentialIds }
  })

async function keepCredential(username: string, password: string, realm?: number): Promise<number> {
  credentials += 1
  const sealed = await sealText(await openSealer(stores.table, keyService), password)
  const item = { id: credentials, username, password: sealed, aaa_realm: realm ?? null }
  const put = { ...keys.entity('backups.credential', credentials), ...item }
  await stores.table.write([{ put, unconditionally: true }])
  return credentials
}

const keepRealm = (id: number, realm: Record<string, unknown>): Promise<void> =>
  stores.table.write([
    {
      put: { ...keys.entity('backups.aaarealm', id), id, name: `realm ${id}`, window_minutes: 30, ...realm },
      unconditionally: true,
    },
  ])

const slotsOf = (realm: string, username: string): Promise<unknown[]> =>
  Array.fromAsync(stores.table.query(anything, { partition: keys.loginSlots(realm, username) }))
