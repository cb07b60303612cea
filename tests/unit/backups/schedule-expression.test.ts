import { expect, test } from 'vitest'
import { flexibleWindow, scheduleExpression } from '../../../shared/backups/schedules/schedule-expression.ts'

test.each([
  [{ cron: '30 2 * * *' }, 'cron(30 2 * * ? *)'],
  [{ cron: '0 3 * * 1-5' }, 'cron(0 3 ? * MON-FRI *)'],
  [{ cron: '0 3 * * 0,7' }, 'cron(0 3 ? * SUN,SUN *)'],
  [{ cron: '*/15 8-18 1 1,7 *' }, 'cron(*/15 8-18 1 1,7 ? *)'],
  [{ cron: '0 3 * * mon' }, 'cron(0 3 ? * mon *)'],
  [{ interval_minutes: 1 }, 'rate(1 minute)'],
  [{ interval_minutes: 90 }, 'rate(90 minutes)'],
  [{ once_at: '2027-03-28T03:30:00+02:00' }, 'at(2027-03-28T01:30:00)'],
])('%j is %s to EventBridge Scheduler', (times, expression) => {
  expect(scheduleExpression(times)).toBe(expression)
})

test.each([
  [{ cron: '0 3 * *' }, 'five fields'],
  [{ cron: '0 3 1 * 1' }, 'not both'],
  [{}, 'one of'],
])('%j is refused', (times, reason) => {
  expect(() => scheduleExpression(times)).toThrow(reason)
})

test('a jitter is a window of the scheduler, and none is its time exactly', () => {
  expect(flexibleWindow(0)).toEqual({ Mode: 'OFF' })
  expect(flexibleWindow(15)).toEqual({ Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 })
})
