import { expect, test } from 'vitest'
import { breakerRestMs } from '../../../shared/backups/runs/breaker.ts'

const now = new Date('2026-11-21T12:00:00Z')
const before = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString()

test.each([
  ['a device never seen', undefined, 0],
  ['four failures in a row', { failuresInRow: 4, lastFailureAt: before(1) }, 0],
  ['five failures in a row, the last a second ago', { failuresInRow: 5, lastFailureAt: before(1) }, 59_000],
  ['a rest that is over: one attempt is let through', { failuresInRow: 5, lastFailureAt: before(60) }, 0],
  ['a half-open attempt that failed again', { failuresInRow: 6, lastFailureAt: before(10) }, 50_000],
])('the breaker leaves alone, for %s', (_, state, restMs) => {
  expect(breakerRestMs(state, now)).toBe(restMs)
})
