import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../shared/ipam/operations.ts'
import { createRows } from '../../../shared/model/records.ts'
import { keys } from '../../../shared/table/keys.ts'
import { askedWith, parentFor, raceFor } from '../../support/allocations.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'

let started: TestEngine
/** Transactions that name the answer of a request, and how many of them were cancelled. */
const answers = { tried: 0, cancelled: 0 }
beforeAll(async () => {
  started = await startEngine()
  started.served.client.middlewareStack.add(
    (next) => async (args) => {
      const isAnswer = JSON.stringify(args.input).includes('"pk":"idempotent#')
      const isWrite = 'TransactItems' in args.input
      if (isAnswer && isWrite) answers.tried += 1
      try {
        return await next(args)
      } catch (cause) {
        if (isAnswer && isWrite) answers.cancelled += 1
        throw cause
      }
    },
    { step: 'initialize', name: 'watchAnswers' },
  )
})
afterAll(() => started.stop())

/** The user id of `askedWith`. */
const caller = '1'
type Given = { id: number; address: string }[]

async function prefixOf(text: string): Promise<number> {
  const model = started.engine.registry.get('ipam.prefix')
  const [row] = await createRows(
    started.engine,
    model,
    [{ prefix: text } as unknown as Record<string, never>],
    {
      actor,
    },
  )
  return row?.id ?? 0
}

const ask = (engine: TestEngine['engine'], parent: number, key: string, count = 2): Promise<Given> => {
  const body = Array.from({ length: count }, () => ({}))
  const asked = askedWith(`/api/ipam/prefixes/${parent}/available-ips/`, body, key)
  return operations.giveFromPrefix(engine, { id: parent }, asked) as Promise<Given>
}

describe('copies of one request in processes that do not know each other', () => {
  test('wait for the first: it alone looks and writes, and all have its answer', async () => {
    const parent = await parentFor(started.engine, 'vlans')
    const before = { ...answers }
    const engines = [started.engine, started.another()]

    const outcome = await raceFor(engines, { kind: 'vlans', callers: 30, each: 8, parent })

    expect(outcome).toMatchObject({ failures: {}, different: 0 })
    expect(new Set(outcome.given).size).toBe(240)
    expect(answers.cancelled - before.cancelled).toBe(0)
    expect(answers.tried - before.tried).toBe(30)
  })

  test('may ask for all that there is: a copy does not hold what the other one needs', async () => {
    const parent = await prefixOf('10.9.0.0/26')
    const engines = Array.from({ length: 4 }, () => started.another())

    const all = await Promise.all(engines.map((engine) => ask(engine, parent, 'all-of-it', 62)))

    expect(new Set(all.map((given) => JSON.stringify(given.map(({ address }) => address)))).size).toBe(1)
    expect(all[0]).toHaveLength(62)
  })

  test('each hear what was wrong, without waiting for one that has failed', async () => {
    const parent = await prefixOf('10.9.1.0/30')

    const asked = [started.another(), started.another()].map((engine) => ask(engine, parent, 'too-many', 3))
    const outcomes = await Promise.allSettled(asked)

    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'space_exhausted' } })
  })

  test('take over from one that died, once its turn is over', async () => {
    const parent = await prefixOf('10.9.2.0/24')
    const { table } = started.served
    const until = Date.now() + 1500
    const turn = { ...keys.firstCopy(caller, 'left-behind', 0), version: 1, until }
    await table.write([{ put: turn, unconditionally: true }])

    const given = await ask(started.engine, parent, 'left-behind')

    expect(given).toHaveLength(2)
    expect(Date.now()).toBeGreaterThanOrEqual(until)
  })
})
