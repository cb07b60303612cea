import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCatalogs, overlapMs } from '../../../shared/catalog/catalog.ts'
import { buildSnapshots, snapshotKey, snapshotSource } from '../../../shared/catalog/snapshots.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import { createRows, updateRows } from '../../../shared/model/records.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { builderOf, catalogRows, tableRows, thing } from '../../support/snapshots.ts'

let started: TestEngine
let at = Date.now()
const now = (): Date => new Date(at)
beforeAll(async () => {
  started = await startEngine()
})
afterAll(() => started.stop())

const key = snapshotKey(thing)

/** What may happen, in any order. Numbers choose among what is there. */
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('create' as const), pick: fc.nat(5) }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('update' as const), pick: fc.nat() }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('delete' as const), pick: fc.nat() }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), pick: fc.nat(2 * overlapMs) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('build' as const), pick: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('rebuild' as const), pick: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('put an old one back' as const), pick: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lose it' as const), pick: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('damage it' as const), pick: fc.nat() }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('compare' as const), pick: fc.nat() }) },
  ),
  { minLength: 5, maxLength: 40 },
)
type Step = { do: string; pick: number }

let count = 0

/** One history of a table of its own kind: things of earlier walks are part of it. */
async function walk(given: readonly Step[]): Promise<void> {
  const engine = started.another({ now })
  const { table, name } = started.served
  const { parts, objects } = builderOf(started.served, [thing], now)
  const snapshot = snapshotSource({ ...parts, table: name })
  const reader = () => createCatalogs({ table, now, snapshot }).of(thing)
  const warm = reader()
  const past: Uint8Array[] = []
  const there = (pick: number): number | undefined => live[pick % Math.max(1, live.length)]

  const compare = async (): Promise<void> => {
    const cold = reader()
    await Promise.all([cold.refresh(), warm.refresh()])
    const rows = await tableRows(table, thing, ever)
    expect(catalogRows(cold)).toEqual(rows)
    expect(catalogRows(warm)).toEqual(rows)
  }
  const acts: Record<string, (pick: number) => Promise<unknown> | void> = {
    create: async (pick) => {
      const names = Array.from({ length: pick + 1 }, () => `walk-${++count}`)
      const rows = await createRows(
        engine,
        thing,
        names.map((one) => ({ name: one })),
        { actor },
      )
      live.push(...rows.map(({ id }) => id))
      ever.push(...rows.map(({ id }) => id))
    },
    update: async (pick) => {
      const id = there(pick)
      if (id !== undefined)
        await updateRows(engine, thing, [{ id, values: { description: `${++count}` } }], { actor })
    },
    delete: async (pick) => {
      const id = there(pick)
      if (id === undefined) return
      await deleteRows(engine, thing, [{ id }], { actor })
      live.splice(live.indexOf(id), 1)
    },
    wait: (pick) => {
      at += pick
    },
    build: async () => {
      await buildSnapshots(parts, { always: true })
      past.push(objects.stored.get(key) ?? new Uint8Array())
    },
    rebuild: () => buildSnapshots(parts, { rebuild: true }),
    'put an old one back': (pick) => {
      const old = past[pick % Math.max(1, past.length)]
      if (old !== undefined) objects.stored.set(key, old)
    },
    'lose it': () => {
      objects.stored.delete(key)
    },
    'damage it': (pick) => {
      const bytes = objects.stored.get(key)
      if (bytes === undefined) return
      const place = pick % bytes.length
      objects.stored.set(key, bytes.with(place, (bytes[place] ?? 0) ^ 4))
    },
    compare,
  }
  for (const step of given) {
    at += 1
    await acts[step.do]?.(step.pick)
  }
  await compare()
}

const live: number[] = []
const ever: number[] = []

test('whatever happens to rows and snapshots, a cold and a warm catalog are the table', async () => {
  await fc.assert(fc.asyncProperty(steps, walk), { numRuns: 30, endOnFailure: true })
})
