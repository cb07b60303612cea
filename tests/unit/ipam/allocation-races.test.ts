import { afterEach, describe, expect, test } from 'vitest'
import { makeHostile, parentFor, raceFor, type Kind } from '../../support/allocations.ts'
import { emulateConflicts } from '../../support/conflicts.ts'
import { startEngine, type TestEngine } from '../../support/engine.ts'

let started: TestEngine | undefined
afterEach(async () => {
  await started?.stop()
  started = undefined
})

const cases: [Kind, number, number][] = [
  ['addresses', 40, 10],
  ['prefixes', 40, 5],
  ['vlans', 40, 5],
]

describe('many callers at once, each with its request sent twice', () => {
  test.each(cases)('are given distinct %s: %i callers x %i', async (kind, callers, each) => {
    started = await startEngine()
    const parent = await parentFor(started.engine, kind)

    const outcome = await raceFor([started.engine, started.another()], { kind, callers, each, parent })

    expect(outcome.failures).toEqual({})
    expect(outcome.different).toBe(0)
    expect(outcome.given).toHaveLength(callers * each)
    expect(new Set(outcome.given).size).toBe(callers * each)
  })

  test.each(cases)(
    'are given distinct %s where writes conflict, are throttled, or applied but reported as failed',
    async (kind, callers) => {
      started = await startEngine()
      const parent = await parentFor(started.engine, kind)
      emulateConflicts(started.served.client)
      makeHostile(started.served.client, 0.06, Math.random)

      const race = { kind, callers: Math.ceil(callers / 2), each: 5, parent }
      const outcome = await raceFor([started.engine, started.another()], race)

      expect(outcome.failures).toEqual({})
      expect(outcome.different).toBe(0)
      expect(new Set(outcome.given).size).toBe(race.callers * race.each)
    },
  )
})
