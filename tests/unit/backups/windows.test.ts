import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectBatch } from '../../../shared/backups/runs/collect-batch.ts'
import { openSealer, sealText } from '../../../shared/backups/keyring.ts'
import { planWork, type PlannedDevice } from '../../../shared/backups/runs/plan.ts'
import { BackupState, RunResult } from '../../../shared/backups/records.ts'
import { finalStatus } from '../../../shared/backups/runs/run-status.ts'
import { readWeekly, windowProblems } from '../../../shared/backups/schedules/window-rules.ts'
import {
  closingWindow,
  isOpenAt,
  windowTest,
  type Window,
} from '../../../shared/backups/schedules/windows.ts'
import { keys, resultShards, shardOf } from '../../../shared/table/keys.ts'
import { startRepository, type TestRepository } from '../../support/git-repository.ts'
import { rowTools } from '../../support/engine.ts'
import { keyServiceOf } from '../../support/key-service.ts'
import { login, startDevice } from '../../support/ssh-lab.ts'

let repository: TestRepository
beforeAll(async () => {
  repository = await startRepository()
})
afterAll(() => repository?.stop())

const windowOf = (over: Partial<Window>): Window => ({
  id: 1,
  name: 'change freeze',
  enabled: true,
  kind: 'no_backup',
  target: {},
  weekly: [],
  starts: null,
  ends: null,
  timezone: 'Europe/Amsterdam',
  ...over,
})

type Week = Window['weekly']
const nights: Week = ['fri 22:00-06:00']

describe('a weekly window', () => {
  test.each<[string, Week, string, boolean]>([
    ['is open from its start', nights, '2026-07-03T20:00:00Z', true],
    ['is closed before it', nights, '2026-07-03T19:59:59Z', false],
    ['goes on over midnight', nights, '2026-07-04T03:59:59Z', true],
    ['is closed at its end', nights, '2026-07-04T04:00:00Z', false],
    ['is closed on the evening after', nights, '2026-07-04T20:00:00Z', false],
    ['moves with the clocks in winter', nights, '2026-12-04T20:30:00Z', false],
    ['is open in winter an hour later by UTC', nights, '2026-12-04T21:00:00Z', true],
    ['ends with the day', ['mon 12:00-24:00'], '2026-07-06T21:59:00Z', true],
    ['and not after it', ['mon 12:00-24:00'], '2026-07-06T22:00:00Z', false],
    ['may last a day', ['mon 06:00-06:00'], '2026-07-07T03:59:00Z', true],
    ['of Saturday ends on Sunday', ['sat 23:00-01:00'], '2026-07-04T22:30:00Z', true],
    ['has what is left of it in spring', ['sun 02:30-03:30'], '2026-03-29T01:00:00Z', true],
    ['begins no sooner for it', ['sun 02:30-03:30'], '2026-03-29T00:59:00Z', false],
    ['ends in spring on time', ['sun 02:30-03:30'], '2026-03-29T01:30:00Z', false],
    ['comes in autumn', ['sun 02:30-02:45'], '2026-10-25T00:30:00Z', true],
    ['is over in between', ['sun 02:30-02:45'], '2026-10-25T00:45:00Z', false],
    ['and comes again', ['sun 02:30-02:45'], '2026-10-25T01:30:00Z', true],
  ])('%s', (_, weekly, at, expected) => {
    expect(isOpenAt(windowOf({ weekly }), new Date(at))).toBe(expected)
  })
})

test.each([
  ['mon-fri 22:00-06:00', [1, 2, 3, 4, 5], 1320, 360],
  ['fri-mon 00:00-24:00', [5, 6, 0, 1], 0, 1440],
  ['Sat,tue 09:30-10:00', [6, 2], 570, 600],
  ['daily 12:00-12:00', [0, 1, 2, 3, 4, 5, 6], 720, 720],
])('reads %s', (text, days, start, end) => {
  expect(readWeekly(text)).toEqual({ days: new Set(days), start, end })
})

test.each([
  '',
  'mon',
  'mon 9:00-10:00',
  'moon 09:00-10:00',
  'mon-tue-wed 09:00-10:00',
  'mon 24:00-25:00',
  'mon, tue 09:00-10:00',
  'mon 09:60-10:00',
])('refuses %j', (text) => {
  expect(readWeekly(text)).toBeUndefined()
})

test('a window of one time is open from its start and no longer at its end', () => {
  const once = windowOf({ starts: '2026-07-03T20:00:00Z', ends: '2026-07-03T21:00:00Z' })
  const at = ['19:59:59', '20:00:00', '20:59:59', '21:00:00'].map((time) => new Date(`2026-07-03T${time}Z`))

  expect(at.map((one) => isOpenAt(once, one))).toEqual([false, true, true, false])
})

test('a window without backups wins over one for backups; of several for backups one has to be open', () => {
  const freeze = windowOf({ name: 'freeze', starts: '2026-07-04T00:00:00Z', ends: '2026-07-04T01:00:00Z' })
  const friday = windowOf({ id: 2, name: 'friday', kind: 'only_then', weekly: nights })
  const monday = windowOf({
    id: 3,
    name: 'monday',
    kind: 'only_then',
    weekly: ['mon 22:00-23:00'],
  })
  const closedAt = (windows: Window[], at: string) => closingWindow(windows, new Date(at))?.name

  expect(closedAt([friday, monday, freeze], '2026-07-03T21:00:00Z')).toBeUndefined()
  expect(closedAt([friday, monday, freeze], '2026-07-04T00:30:00Z')).toBe('freeze')
  expect(closedAt([friday, monday], '2026-07-08T12:00:00Z')).toBe('friday')
  expect(closedAt([{ ...friday, enabled: false }], '2026-07-08T12:00:00Z')).toBeUndefined()
  expect(closedAt([], '2026-07-08T12:00:00Z')).toBeUndefined()
})

test.each<[string, Partial<Window>, string | undefined]>([
  ['weekly times', { weekly: nights }, undefined],
  ['a start and an end', { starts: '2026-07-03T20:00:00Z', ends: '2026-07-03T21:00:00Z' }, undefined],
  ['nothing', {}, 'weekly'],
  ['a start without an end', { starts: '2026-07-03T20:00:00Z' }, 'weekly'],
  ['both ways', { weekly: nights, starts: '2026-07-03T20:00:00Z' }, 'weekly'],
  ['an end before the start', { starts: '2026-07-03T20:00:00Z', ends: '2026-07-03T20:00:00Z' }, 'ends'],
])('a window with %s', (_, over, path) => {
  expect(windowProblems(windowOf(over))[0]?.path).toBe(path)
})

const planned: PlannedDevice = {
  id: 1,
  name: 'sw1',
  status: 'active',
  address: '192.0.2.1',
  port: 22,
  deviceType: 'cisco_ios',
  platformId: 7,
  site: { id: 3, slug: 'ams' },
  tagIds: [4],
}

test('a device has the windows of its site, tag or platform in its work', () => {
  const targets = [{ sites: [3] }, { sites: [9] }, { tags: [4], platforms: [7] }, { devices: [2] }, {}]
  const windows = targets.map((target, index) => windowOf({ id: index + 1, target }))
  const windowsOf = windowTest([...windows, windowOf({ id: 9, enabled: false })])

  const plan = planWork({ devices: [planned], credentials: [], windowsOf }, {}, new Map())
  const without = planWork({ devices: [planned], credentials: [] }, {}, new Map())

  expect(plan.first[0]?.windows).toEqual([1, 3, 5])
  expect(without.first[0]).not.toHaveProperty('windows')
})

test('a device in a window is skipped with its name, keeps its standing, and is read when the window is over', async () => {
  const { table, objects: archive } = repository.stores
  const keyService = keyServiceOf()
  const clock = { now: new Date('2026-07-03T21:00:00Z') }
  const stores = { table, archive, keyService, now: () => clock.now, rows: rowTools() }
  const password = await sealText(await openSealer(table, keyService), login.password)
  const [{ name, host, port, deviceType }, window] = [
    await startDevice(),
    windowOf({ id: 77, weekly: nights }),
  ]
  const stored = { ...window, version: 1, created: '', last_updated: '', description: '' }
  await table.write([
    {
      put: { ...keys.entity('backups.credential', 1), id: 1, username: login.username, password },
      unconditionally: true,
    },
    { put: { ...keys.entity('backups.maintenancewindow', 77), ...stored }, unconditionally: true },
  ])
  const item = {
    deviceId: 5,
    name,
    host,
    port,
    deviceType,
    path: 'ams/5.cfg',
    credentialIds: [1],
    windows: [77, 78],
  }
  const resultOf = (runId: number) => table.get(RunResult, keys.runResult(runId, shardOf(5, resultShards), 5))

  const tally = await collectBatch(stores, { runId: 1, pass: 1, items: [item] })
  const skipped = await resultOf(1)
  const state = await table.get(BackupState, keys.backupState(5))
  clock.now = new Date('2026-07-04T12:00:00Z')
  await collectBatch(stores, { runId: 2, pass: 1, items: [item] })

  expect(tally).toMatchObject({ changed: 0, failed: 0, skipped: 1 })
  expect(skipped).toMatchObject({
    status: 'skipped',
    detail: 'maintenance window change freeze: no backups in it',
    attempts: [],
  })
  expect(state).toBeUndefined()
  expect(await resultOf(2)).toMatchObject({ status: 'changed' })
})

test('who was skipped has not failed', () => {
  const counts = { changed: 0, unchanged: 0, failed: 0, skipped: 4 }

  expect(finalStatus(4, counts)).toBe('success')
  expect(finalStatus(4, { ...counts, skipped: 3, failed: 1 })).toBe('failed')
  expect(finalStatus(4, { ...counts, skipped: 2, failed: 1, changed: 1 })).toBe('partial')
})
