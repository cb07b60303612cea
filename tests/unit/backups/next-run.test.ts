import { afterAll, beforeAll, expect, test } from 'vitest'
import { maintenanceWindow } from '../../../shared/backups/models/maintenance-window.ts'
import { schedule } from '../../../shared/backups/models/schedule.ts'
import { nextRun, schedulesOf } from '../../../shared/backups/schedules/next-run.ts'
import type { Window } from '../../../shared/backups/schedules/windows.ts'
import { createRows } from '../../../shared/model/records.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'

let served: TestEngine
const clock = { now: new Date('2026-07-01T12:00:00Z') }

beforeAll(async () => {
  served = await startEngine()
})
afterAll(() => served?.stop())

const times = {
  created: '2026-06-30T10:07:00.000Z',
  cron: null,
  interval_minutes: null,
  once_at: null,
  timezone: 'Europe/Amsterdam',
  jitter_minutes: 0,
}
const windowOf = (over: Partial<Window>): Window => ({
  id: 1,
  name: 'freeze',
  enabled: true,
  kind: 'no_backup',
  target: {},
  weekly: [],
  starts: null,
  ends: null,
  timezone: 'Europe/Amsterdam',
  ...over,
})

test.each([
  [
    'a cron line in its time zone',
    { cron: '30 2 * * *' },
    '2026-07-01T12:00:00Z',
    '2026-07-02T00:30:00.000Z',
  ],
  ['the same in winter', { cron: '30 2 * * *' }, '2026-12-01T12:00:00Z', '2026-12-02T01:30:00.000Z'],
  [
    'no time that spring leaves out',
    { cron: '30 2 * * *' },
    '2026-03-28T12:00:00Z',
    '2026-03-30T00:30:00.000Z',
  ],
  ['the first of two in autumn', { cron: '30 2 * * *' }, '2026-10-24T12:00:00Z', '2026-10-25T00:30:00.000Z'],
  ['and not the second', { cron: '30 2 * * *' }, '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
  ['a weekday', { cron: '0 6 * * 1-5' }, '2026-07-03T12:00:00Z', '2026-07-06T04:00:00.000Z'],
  [
    'an interval from its beginning on',
    { interval_minutes: 60 },
    '2026-07-01T12:00:00Z',
    '2026-07-01T12:07:00.000Z',
  ],
  [
    'a time to come',
    { once_at: '2026-07-05T10:00:00+02:00' },
    '2026-07-01T12:00:00Z',
    '2026-07-05T08:00:00.000Z',
  ],
  ['no time that is over', { once_at: '2026-06-05T10:00:00Z' }, '2026-07-01T12:00:00Z', undefined],
])('the next run is %s', (_, over, after, expected) => {
  expect(nextRun({ ...times, ...over }, [], new Date(after))?.at.toISOString()).toBe(expected)
})

test('a run with jitter starts between two moments', () => {
  const next = nextRun({ ...times, cron: '0 0 * * *', jitter_minutes: 15 }, [], clock.now)

  expect(next).toEqual({ at: new Date('2026-07-01T22:00:00Z'), latest: new Date('2026-07-01T22:15:00Z') })
})

test('times in a maintenance window are passed by; where all are, there is none', () => {
  const daily = { ...times, cron: '0 2 * * *' }
  const holidays = windowOf({ starts: '2026-07-01T00:00:00Z', ends: '2026-07-20T00:00:00Z' })
  const sundays = windowOf({ kind: 'only_then', weekly: ['sun 00:00-06:00'] })
  const always = windowOf({
    weekly: ['daily 00:00-24:00'],
  })
  const nextWith = (...windows: Window[]) => nextRun(daily, windows, clock.now)?.at.toISOString()

  expect(nextWith(holidays)).toBe('2026-07-20T00:00:00.000Z')
  expect(nextWith(sundays)).toBe('2026-07-05T00:00:00.000Z')
  expect(nextWith(sundays, holidays)).toBe('2026-07-26T00:00:00.000Z')
  expect(nextWith(always)).toBeUndefined()
  const [later, over] = [
    windowOf({ kind: 'only_then', starts: '2027-03-01T00:00:00Z', ends: '2027-03-02T00:00:00Z' }),
    windowOf({ kind: 'only_then', starts: '2026-06-01T00:00:00Z', ends: '2026-06-02T00:00:00Z' }),
  ]
  const often = { ...times, interval_minutes: 5 }
  expect(nextRun(often, [later, over], clock.now)?.at.toISOString()).toBe('2027-03-01T00:02:00.000Z')
  expect(nextRun(often, [over], clock.now)).toBeUndefined()
})

test('a device has the enabled schedules that mean it, the next one first', async () => {
  const engine = served.another({ now: () => clock.now })
  const options = { actor, bySystem: true }
  await createRows(
    engine,
    schedule,
    [
      { name: 'nightly', cron: '0 2 * * *', timezone: 'UTC' },
      { name: 'hourly', interval_minutes: 60, target: { sites: [3] } },
      { name: 'elsewhere', cron: '0 13 * * *', target: { sites: [9] } },
      { name: 'off', enabled: false, cron: '0 13 * * *' },
      { name: 'over', once_at: '2026-06-01T00:00:00Z' },
    ],
    options,
  )
  const today = { starts: '2026-07-01T00:00:00Z', ends: '2026-07-02T01:30:00Z' }
  await createRows(engine, maintenanceWindow, [{ name: 'today', ...today, target: { tags: [4] } }], options)
  const device = { id: 1, status: 'active', site: { id: 3 }, platformId: undefined, tagIds: [4] }
  const shown = (tagIds: number[]) =>
    schedulesOf(engine, { ...device, tagIds }).then((found) =>
      found.map((one) => [one.schedule.name, one.next?.at.toISOString()]),
    )

  expect(await shown([])).toEqual([
    ['hourly', '2026-07-01T13:00:00.000Z'],
    ['nightly', '2026-07-02T02:00:00.000Z'],
    ['over', undefined],
  ])
  expect(await shown([4])).toEqual([
    ['nightly', '2026-07-02T02:00:00.000Z'],
    ['hourly', '2026-07-02T02:00:00.000Z'],
    ['over', undefined],
  ])
  expect(await schedulesOf(engine, { ...device, status: 'offline' })).toEqual([])
})
