import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createCatalogs, overlapMs } from '../../../shared/catalog/catalog.ts'
import { buildSnapshots, snapshotKey, snapshotSource } from '../../../shared/catalog/snapshots.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import type { Engine } from '../../../shared/model/engine.ts'
import { createRows, updateRows } from '../../../shared/model/records.ts'
import { registry } from '../../../shared/models.ts'
import { dynamoTable, type Consumed } from '../../../shared/table/dynamo-table.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { makeDevice, makeGround } from '../../support/inventory.ts'
import { builderOf, catalogRows, tableRows, thing } from '../../support/snapshots.ts'

let started: TestEngine
/** The clock of writers, builders and readers alike. */
let at = Date.now()
const now = (): Date => new Date(at)
let engine: Engine
let builder: ReturnType<typeof builderOf>

beforeAll(async () => {
  started = await startEngine()
})
afterAll(() => started.stop())
beforeEach(() => {
  at += 3_600_000
  engine = started.another({ now })
  builder = builderOf(started.served, [thing], now)
})

let count = 0
async function makeThings(number: number): Promise<number[]> {
  const names = Array.from({ length: number }, () => `thing-${++count}`)
  const rows = await createRows(
    engine,
    thing,
    names.map((name) => ({ name })),
    { actor },
  )
  return rows.map(({ id }) => id)
}

/** A new container: it starts from what is stored. */
function coldCatalog(onConsumed: (one: Consumed) => void = () => {}) {
  const { client, name } = started.served
  const snapshot = snapshotSource({ ...builder.parts, table: name })
  return createCatalogs({ table: dynamoTable({ client, name, onConsumed }), now, snapshot }).of(thing)
}

const key = snapshotKey(thing)

test('a cold start reads the snapshot and what was changed since, not the history', async () => {
  const ids = await makeThings(300)
  at += overlapMs + 1000
  await buildSnapshots(builder.parts)
  at += overlapMs + 1000
  const [one = 0, other = 0] = ids
  await updateRows(engine, thing, [{ id: one, values: { description: 'since' } }], { actor })
  await deleteRows(engine, thing, [{ id: other }], { actor })

  const consumed: Consumed[] = []
  const catalog = coldCatalog((call) => consumed.push(call))
  await catalog.refresh()

  expect(catalog.rows.get(one)).toMatchObject({ description: 'since' })
  expect(catalog.rows.has(other)).toBe(false)
  expect(ids.filter((id) => catalog.rows.has(id))).toHaveLength(299)
  expect(consumed.map(({ operation }) => operation)).toEqual(['query', 'getMany'])
  expect(consumed.reduce((sum, { units }) => sum + units, 0)).toBeLessThanOrEqual(4)
})

describe('a snapshot is written', () => {
  test('when enough was changed, and not before', async () => {
    await makeThings(100)
    at += 1000
    const first = await buildSnapshots(builder.parts)
    at += 1000
    await makeThings(99)
    const tooFew = await buildSnapshots(builder.parts)
    await makeThings(1)
    const enough = await buildSnapshots(builder.parts)

    expect([first, tooFew, enough].map((built) => built.length)).toEqual([1, 0, 1])
  })

  test('when it is a week old, since the bucket does not keep it for ever', async () => {
    await makeThings(100)
    await buildSnapshots(builder.parts)
    at += 8 * 86_400_000

    expect(await buildSnapshots(builder.parts)).toMatchObject([{ model: thing.name }])
    expect(await buildSnapshots(builder.parts)).toEqual([])
  })

  test('of all other models when one cannot be built', async () => {
    const { parts, objects, warnings } = builderOf(started.served, [thing, ...registry.all], now)
    const put: typeof objects.put = (name, ...given) =>
      name === key ? Promise.reject(new Error('no room')) : objects.put(name, ...given)
    const building = buildSnapshots({ ...parts, objects: { ...objects, put } }, { always: true })

    await expect(building).rejects.toThrow('1 snapshots were not built')
    expect(objects.stored.size).toBe(registry.all.length)
    expect(warnings).toEqual([
      { message: 'a snapshot was not built', model: thing.name, problem: 'Error: no room' },
    ])
  })
})

describe('a snapshot that is of no use is left alone, told, and replaced', () => {
  test.each([
    ['broken', () => Buffer.from('{"format":1}\nbroken')],
    ['cut off', (bytes: Uint8Array) => bytes.subarray(0, 700)],
    ['of another format', (bytes: Uint8Array) => Buffer.from(bytes).fill('9', 10, 11)],
  ])('%s', async (_, damage) => {
    const ids = await makeThings(100)
    await buildSnapshots(builder.parts)
    builder.objects.stored.set(key, damage(builder.objects.stored.get(key) ?? new Uint8Array()))

    const catalog = coldCatalog()
    await catalog.refresh()
    const rebuilt = await buildSnapshots(builder.parts)
    const again = coldCatalog()
    await again.refresh()

    expect(ids.every((id) => catalog.rows.has(id))).toBe(true)
    expect(builder.warnings).toContainEqual({
      message: 'a snapshot is not used',
      model: thing.name,
      problem: expect.any(String) as string,
    })
    expect(rebuilt).toHaveLength(1)
    expect(catalogRows(again)).toEqual(catalogRows(catalog))
  })

  test('where the store does not answer, all changes are read', async () => {
    const ids = await makeThings(3)
    const objects = { get: () => Promise.reject(new Error('no way to S3')) }
    const snapshot = snapshotSource({ ...builder.parts, objects, table: started.served.name })
    const catalog = createCatalogs({ table: started.served.table, now, snapshot }).of(thing)

    await catalog.refresh()

    expect(ids.every((id) => catalog.rows.has(id))).toBe(true)
  })
})

test('an object deleted just before the snapshot is not brought back by a change that comes late', async () => {
  const [id = 0] = await makeThings(1)
  const [row] = await tableRows(started.served.table, thing, [id])
  await deleteRows(engine, thing, [{ id }], { actor })
  await buildSnapshots(builder.parts, { always: true })
  at += 1000

  const read = await snapshotSource({ ...builder.parts, table: started.served.name })(thing)

  expect(row).toMatchObject({ id })
  expect(read?.gone).toContain(id)
})

test('builders at once, under writers: every container ends with the rows of the table', async () => {
  // Spread over partitions, as the models with many writers are.
  const ground = await makeGround(engine)
  const models = registry.all
  const { parts } = builderOf(started.served, models, now)
  const snapshot = snapshotSource({ ...parts, table: started.served.name })
  const reader = () => createCatalogs({ table: started.served.table, now, snapshot }).of(device)
  const warm = reader()
  const ids: number[] = []
  // The clock runs ahead, but no write takes longer by it than writes may.
  const begun = new Set<{ at: number }>()
  const timed = async <T>(write: () => Promise<T>): Promise<T> => {
    const one = { at }
    begun.add(one)
    const done = await write()
    begun.delete(one)
    at = Math.min(at + 1500, ...[...begun].map((other) => other.at + 8000))
    return done
  }
  const work = async (writer: number): Promise<void> => {
    for (let n = 0; n < 12; n++) {
      const id = await timed(() => makeDevice(engine, ground, { name: `${writer}-${n}-${at}` }))
      ids.push(id)
      if (n % 3 === 0)
        await timed(() => updateRows(engine, device, [{ id, values: { serial: `${n}` } }], { actor }))
      if (n % 5 === 0) await timed(() => deleteRows(engine, device, [{ id }], { actor }))
    }
  }
  const differing: unknown[] = []
  const build = async (): Promise<void> => {
    for (let n = 0; n < 4; n++) {
      await buildSnapshots({ ...parts, registry: { ...parts.registry, all: [device] } }, { always: true })
      const cold = reader()
      // What had been there before the refresh must be in it.
      const before = await tableRows(started.served.table, device, [...ids])
      await cold.refresh()
      await warm.refresh()
      for (const one of [cold, warm])
        differing.push(
          ...before.filter(({ id, version }) => (one.rows.get(id)?.version ?? Infinity) < version),
        )
    }
  }
  await Promise.all([work(1), work(2), work(3), work(4), build(), build()])
  const cold = reader()
  await Promise.all([cold.refresh(), warm.refresh()])

  const rows = await tableRows(started.served.table, device, ids)
  expect(differing).toEqual([])
  expect(catalogRows(cold)).toEqual(rows)
  expect(catalogRows(warm)).toEqual(rows)
})
