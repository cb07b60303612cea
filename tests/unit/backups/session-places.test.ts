import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import type { LabRouter } from '../../../local/lab/lab.ts'
import { Access, accessOf } from '../../../shared/backups/access/access.ts'
import { batchPlaces } from '../../../shared/backups/access/batch-places.ts'
import { collectBatch, type CollectStores } from '../../../shared/backups/runs/collect-batch.ts'
import { openSealer, sealText } from '../../../shared/backups/keyring.ts'
import { RunResult } from '../../../shared/backups/records.ts'
import {
  freePlace,
  renewPlaces,
  takePlace,
  type Cap,
  type Lease,
} from '../../../shared/backups/access/session-places.ts'
import type { WorkItem } from '../../../shared/backups/runs/work.ts'
import { keys, resultShards, shardOf } from '../../../shared/table/keys.ts'
import type { Table } from '../../../shared/table/table.ts'
import { startRepository, type TestRepository } from '../../support/git-repository.ts'
import { rowTools } from '../../support/engine.ts'
import { keyServiceOf } from '../../support/key-service.ts'
import { login, startDevice } from '../../support/ssh-lab.ts'

const keyService = keyServiceOf()
const clock = { now: new Date('2026-11-21T12:00:00Z') }
const now = (): Date => clock.now
let repository: TestRepository
let table: Table
let stores: CollectStores
let runId = 0
let scopes = 0

beforeAll(async () => {
  repository = await startRepository()
  table = repository.stores.table
  stores = { table, archive: repository.stores.objects, keyService, now, rows: rowTools() }
  const password = await sealText(await openSealer(table, keyService), login.password)
  const item = { id: 1, username: login.username, password }
  await table.write([{ put: { ...keys.entity('backups.credential', 1), ...item }, unconditionally: true }])
})

afterAll(() => repository?.stop())

const capOf = (max: number): Cap => ({ scope: `site-${(scopes += 1)}`, max, of: 'the site' })

test('many callers at once, in batches of their own and without, never hold more places than there are', async () => {
  const cap = capOf(5)
  let held = 0
  let most = 0
  let served = 0
  const inside = async (): Promise<void> => {
    held += 1
    most = Math.max(most, held)
    served += 1
    await sleep(Math.random() * 4)
    held -= 1
  }
  const batch = async (): Promise<void> => {
    const places = batchPlaces({ table, now })
    const device = async (): Promise<void> => {
      const own = places.ofDevice(0)
      expect(await own.take([cap])).toBeUndefined()
      await inside()
      await own.release()
    }
    await Promise.all(Array.from({ length: 15 }, device))
    await places.close()
  }
  const alone = async (): Promise<void> => {
    let lease: Lease | undefined
    while (lease === undefined) lease = await takePlace({ table, now }, cap)
    await inside()
    await freePlace({ table, now }, lease)
  }

  await Promise.all([...Array.from({ length: 8 }, batch), ...Array.from({ length: 20 }, alone)])

  expect(served).toBe(8 * 15 + 20)
  expect(most).toBe(5)
  expect(await leased(cap)).toBe(0)
})

test('who dies frees its place when the lease is over; who lives renews it; and nobody frees what others hold', async () => {
  const cap = capOf(2)
  const dead = await takePlace({ table, now }, cap)
  const alive = await takePlace({ table, now }, cap)
  if (dead === undefined || alive === undefined) throw new Error('no place')
  const full = await takePlace({ table, now }, cap)

  clock.now = new Date(clock.now.getTime() + 45_000)
  await renewPlaces({ table, now }, [alive])
  clock.now = new Date(clock.now.getTime() + 20_000)
  const next = await takePlace({ table, now }, cap)
  const none = await takePlace({ table, now }, cap)
  // It was only slow: what it held is somebody else's by now.
  await freePlace({ table, now }, dead)
  await renewPlaces({ table, now }, [dead])

  expect([full, none]).toEqual([undefined, undefined])
  expect(next).toMatchObject({ place: dead.place })
  expect(await takePlace({ table, now }, cap)).toBeUndefined()
})

test('one lease that was lost keeps none of the others from being renewed', async () => {
  const cap = capOf(3)
  const leases: Lease[] = []
  for (let count = 0; count < cap.max; count += 1)
    leases.push(...[(await takePlace({ table, now }, cap)) ?? []].flat())
  const [lost] = leases
  if (lost === undefined) throw new Error('no place')
  await freePlace({ table, now }, lost)
  clock.now = new Date(clock.now.getTime() + 45_000)

  await renewPlaces({ table, now }, leases)

  clock.now = new Date(clock.now.getTime() + 45_000)
  const free = [await takePlace({ table, now }, cap), await takePlace({ table, now }, cap)]
  expect(free.map((lease) => lease?.place)).toEqual([lost.place, undefined])
})

test('a batch hands places on, and a cap that is not given costs nothing', async () => {
  const calls = { reads: 0, writes: 0 }
  const counted: Table = {
    ...table,
    query: (...range) => {
      calls.reads += 1
      return table.query(...range)
    },
    write: (writes) => {
      calls.writes += 1
      return table.write(writes)
    },
  }
  const places = batchPlaces({ table: counted, now })
  const sessions = async (caps: readonly Cap[]): Promise<void> => {
    const all = Array.from({ length: 25 }, () => places.ofDevice(0))
    await Promise.all(
      all.map(async (own) => {
        await own.take(caps)
        await sleep(1)
        await own.release()
      }),
    )
  }
  await sessions([])
  const without = { ...calls }

  await sessions([capOf(2)])
  await places.close()

  expect(without).toEqual({ reads: 0, writes: 0 })
  // Two taken and two given back; the queue may have asked for one more.
  expect(calls.writes).toBeLessThanOrEqual(6)
})

test('a device whose turn does not come is told so, sends no password, and may have its second attempt', async () => {
  const device = await startDevice()
  const cap = capOf(1)
  await table.write([
    {
      put: { ...keys.entity('backups.aaarealm', 5), ...realm, sessions_max: 1 },
      unconditionally: true,
    },
  ])
  const [bySite, byRealm] = [itemOf(901, device, { cap }), itemOf(902, device, { realm: 5 })]
  const others = [
    await takePlace({ table, now }, cap),
    await takePlace({ table, now }, { scope: 'realm-5', max: 1, of: '' }),
  ].flatMap((lease) => lease ?? [])

  const held = [await collect(bySite, 1), await collect(byRealm, 1)]
  const loggedIn = device.sessions
  await Promise.all(others.map((lease) => freePlace({ table, now }, lease)))
  const second = [await collect(bySite, 2), await collect(byRealm, 2)]

  expect(others).toHaveLength(2)
  expect(held).toEqual([
    expect.objectContaining({
      category: 'session_cap',
      detail: 'the site may have 1 session at once: its turn did not come',
      attempts: [],
    }),
    expect.objectContaining({
      category: 'session_cap',
      detail: 'AAA realm tacacs may have 1 session at once: its turn did not come',
      attempts: [],
    }),
  ])
  expect([loggedIn, device.refused.length]).toEqual([0, 0])
  expect(second.map(({ status }) => status)).toEqual(['changed', 'changed'])
  expect(await leased(cap)).toBe(0)
})

test.each([
  ['site', 'rule-7-site-3'],
  ['rule', 'rule-7'],
] as const)('the sessions of an access rule count by %s', (sessions_per, scope) => {
  const rule = { ...anyRule, sessions_max: 4, sessions_per }

  const access = accessOf(placed, { rules: [rule], jumpHosts: new Map() })

  expect(access?.cap).toMatchObject({ scope, max: 4 })
  expect(accessOf(placed, { rules: [anyRule], jumpHosts: new Map() })).not.toHaveProperty('cap')
})

const realm = { id: 5, name: 'tacacs', failures_max: 4, window_minutes: 30, local_accounts: false }

const placed = {
  id: 1,
  name: 'sw1',
  status: 'active',
  address: '192.0.2.1',
  port: 22,
  deviceType: 'cisco_ios',
  platformId: undefined,
  site: { id: 3, slug: 'ams' },
  tagIds: [],
}

const anyRule = {
  id: 7,
  name: 'wan',
  enabled: true,
  priority: 100,
  sites: [],
  platforms: [],
  tags: [],
  allowed_networks: [],
  jump_host: null,
  aaa_realm: null,
  sessions_max: null,
  sessions_per: 'site',
  transport: null,
  port: null,
  legacy_algorithms: false,
  device_seconds: null,
  start_seconds: null,
  idle_seconds: null,
  description: '',
} as unknown as Parameters<typeof accessOf>[1]['rules'][number]

const leased = async ({ scope }: Cap): Promise<number> =>
  (await Array.fromAsync(table.query(z.unknown(), { partition: keys.sessionPlaces(scope) }))).length

/** It takes so long in all that nothing is left to wait. */
const limits = { deviceMs: 840_000 }

async function collect(item: WorkItem, pass: number): Promise<RunResult> {
  await collectBatch({ ...stores, limits }, { runId, pass, items: [item] })
  const key = keys.runResult(runId, shardOf(item.deviceId, resultShards), item.deviceId)
  const found = await table.get(RunResult, key)
  if (found === undefined) throw new Error('no result')
  return found
}

const itemOf = (
  deviceId: number,
  { host, port, deviceType, name }: LabRouter,
  access: Partial<Access>,
): WorkItem => ({
  deviceId,
  name,
  host,
  port,
  deviceType,
  path: `ams/${deviceId}.cfg`,
  credentialIds: [1],
  access: Access.parse(access),
})
