import { expect, test } from 'vitest'
import { readExpression } from '../../shared/timing.ts'

function upcoming(expression: string, from: string, count: number, timezone?: string): string[] {
  const timing = readExpression(expression, { timezone, anchor: new Date('2026-01-01T00:00:00Z') })
  const times: string[] = []
  let at: Date | undefined = new Date(from)
  while (times.length < count) {
    at = timing.next(at)
    if (at === undefined) break
    times.push(at.toISOString().replace(':00.000Z', 'Z'))
  }
  return times
}

test.each([
  ['cron(0 3 * * ? *)', 'UTC', '2026-01-01', ['2026-01-01T03:00Z', '2026-01-02T03:00Z']],
  ['cron(30 2 ? * MON-FRI *)', 'UTC', '2026-01-02', ['2026-01-02T02:30Z', '2026-01-05T02:30Z']],
  ['cron(0 10 ? * 2 *)', 'UTC', '2026-01-01', ['2026-01-05T10:00Z', '2026-01-12T10:00Z']],
  ['cron(0 10 ? * 1,7 *)', 'UTC', '2026-01-01', ['2026-01-03T10:00Z', '2026-01-04T10:00Z']],
  ['cron(0 10 ? * L *)', 'UTC', '2026-01-01', ['2026-01-03T10:00Z', '2026-01-10T10:00Z']],
  ['cron(0 10 ? * 6L *)', 'UTC', '2026-01-01', ['2026-01-30T10:00Z', '2026-02-27T10:00Z']],
  ['cron(0 10 ? * 6#3 *)', 'UTC', '2026-01-01', ['2026-01-16T10:00Z', '2026-02-20T10:00Z']],
  ['cron(0 10 L * ? *)', 'UTC', '2026-01-01', ['2026-01-31T10:00Z', '2026-02-28T10:00Z']],
  ['cron(0 10 15W * ? *)', 'UTC', '2026-02-01', ['2026-02-16T10:00Z', '2026-03-16T10:00Z']],
  [
    'cron(5/20 10 * * ? *)',
    'UTC',
    '2026-01-01',
    ['2026-01-01T10:05Z', '2026-01-01T10:25Z', '2026-01-01T10:45Z', '2026-01-02T10:05Z'],
  ],
  ['cron(0 0 1 1 ? 2030-2031)', 'UTC', '2026-01-01', ['2030-01-01T00:00Z', '2031-01-01T00:00Z']],
  ['cron(0 0 31 2 ? *)', 'UTC', '2026-01-01', []],
  ['rate(1 minute)', 'UTC', '2026-01-01T00:00:30Z', ['2026-01-01T00:01Z', '2026-01-01T00:02Z']],
  ['rate(12 hours)', 'UTC', '2026-01-01T00:00:00Z', ['2026-01-01T12:00Z', '2026-01-02T00:00Z']],
  ['rate(2 days)', 'UTC', '2025-12-01', ['2026-01-01T00:00Z', '2026-01-03T00:00Z']],
  ['at(2026-07-01T09:00:00)', 'Europe/Berlin', '2026-01-01', ['2026-07-01T07:00Z']],
  ['at(2025-07-01T09:00:00)', 'UTC', '2026-01-01', []],
])('%s in %s after %s', (expression, timezone, from, times) => {
  expect(upcoming(expression, from, times.length || 1, timezone)).toEqual(times)
})

test.each([
  [
    'a daily time keeps its wall clock when summer begins',
    'cron(0 3 * * ? *)',
    '2026-03-28T00:00:00Z',
    ['2026-03-28T02:00Z', '2026-03-29T01:00Z', '2026-03-30T01:00Z'],
  ],
  [
    'a time that spring leaves out is left out',
    'cron(30 2 * * ? *)',
    '2026-03-28T00:00:00Z',
    ['2026-03-28T01:30Z', '2026-03-30T00:30Z'],
  ],
  [
    'a time that comes twice in autumn counts once',
    'cron(30 2 * * ? *)',
    '2026-10-24T12:00:00Z',
    ['2026-10-25T00:30Z', '2026-10-26T01:30Z'],
  ],
  [
    'an hourly time does not repeat the hour',
    'cron(0 * * * ? *)',
    '2026-10-24T23:30:00Z',
    ['2026-10-25T00:00Z', '2026-10-25T02:00Z'],
  ],
  [
    'a rate does not know about clocks',
    'rate(1 hour)',
    '2026-10-25T00:00:00Z',
    ['2026-10-25T01:00Z', '2026-10-25T02:00Z'],
  ],
])('%s', (_what, expression, from, times) => {
  expect(upcoming(expression, from, times.length, 'Europe/Berlin')).toEqual(times)
})

test.each([
  ['every day'],
  ['cron(0 3 * * *)'],
  ['cron(0 3 * * * *)'],
  ['cron(0 3 ? * ? *)'],
  ['cron(61 3 * * ? *)'],
  ['cron(0 3 ? * 8 *)'],
  ['rate(1 minutes)'],
  ['rate(5 minute)'],
  ['rate(0 minutes)'],
  ['rate(5 seconds)'],
  ['at(tomorrow)'],
  ['at(2026-13-01T00:00:00)'],
])('%s is refused', (expression) => {
  expect(() => readExpression(expression, { anchor: new Date(0) })).toThrow(/Invalid/)
})

test('an unknown time zone is refused', () => {
  expect(() => readExpression('rate(1 hour)', { timezone: 'Mars/Base', anchor: new Date(0) })).toThrow(
    'Mars/Base',
  )
})
