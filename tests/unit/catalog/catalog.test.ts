import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCatalogs, overlapMs } from '../../../shared/catalog/catalog.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { site } from '../../../shared/dcim/models/site.ts'
import { tag } from '../../../shared/extras/models/tag.ts'
import { changeKeyOf } from '../../../shared/ids.ts'
import type { Row } from '../../../shared/model/define.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import { createRows, getRow, updateRows } from '../../../shared/model/records.ts'
import { itemOf } from '../../../shared/model/rows.ts'
import { dynamoTable, type Consumed } from '../../../shared/table/dynamo-table.ts'
import type { Table } from '../../../shared/table/table.ts'
import { keys } from '../../../shared/table/keys.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { makeDevice, makeGround } from '../../support/inventory.ts'

let started: TestEngine
beforeAll(async () => {
  started = await startEngine()
})
afterAll(() => started.stop())

const now = (): Date => new Date()

test('rows built from changes are the rows of the table', async () => {
  const { engine } = started
  const ground = await makeGround(engine)
  const ids: number[] = []
  for (let n = 0; n < 20; n++) ids.push(await makeDevice(engine, ground, { name: `built-${n}` }))
  for (const id of ids.slice(0, 10))
    await updateRows(engine, device, [{ id, values: { serial: `s${id}`, status: 'planned' } }], { actor })
  for (const id of ids.slice(5, 8)) await deleteRows(engine, device, [{ id }], { actor })

  const catalog = createCatalogs({ table: started.served.table, now }).of(device)
  await catalog.refresh()

  const rows = await Promise.all(ids.map((id) => getRow(engine, device, id)))
  expect(ids.map((id) => catalog.rows.get(id))).toEqual(rows)
  expect(rows.filter((row) => row === undefined)).toHaveLength(3)
})

test('every write is seen by a refresh that begins after it, whoever wrote, with refreshes under way', async () => {
  const catalog = createCatalogs({ table: started.served.table, now }).of(tag)
  const writers = Array.from({ length: 20 }, async (_, n) => {
    void catalog.refresh()
    const [row] = await createRows(started.another(), tag, [{ name: `seen-${n}`, slug: `seen-${n}` }], {
      actor,
    })
    await catalog.refresh()
    return catalog.rows.has(row?.id ?? 0)
  })

  expect(await Promise.all(writers)).toEqual(writers.map(() => true))
})

test('a refresh that has read before a write is not taken for one that reads after it', async () => {
  const { engine, served } = started
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  let hasRead = (): void => {}
  const read = new Promise<void>((resolve) => {
    hasRead = resolve
  })
  const table: Table = {
    ...served.table,
    query: async function* (schema, range) {
      const items = []
      for await (const item of served.table.query(schema, range)) items.push(item)
      hasRead()
      await gate
      yield* items
    },
  }
  const catalog = createCatalogs({ table, now }).of(tag)
  const first = catalog.refresh()
  await read
  const [row] = await createRows(engine, tag, [{ name: 'between', slug: 'between' }], { actor })

  const second = catalog.refresh()
  open()
  await Promise.all([first, second])

  expect(catalog.rows.has(row?.id ?? 0)).toBe(true)
})

test('a warm refresh reads the last moments only', async () => {
  const consumed: Consumed[] = []
  const { client, name } = started.served
  const table = dynamoTable({ client, name, onConsumed: (one) => consumed.push(one) })
  let at = Date.now()
  const catalog = createCatalogs({ table, now: () => new Date(at) }).of(site)
  await createRows(
    started.engine,
    site,
    Array.from({ length: 30 }, (_, n) => ({ name: `warm-${n}`, slug: `warm-${n}` })),
    { actor },
  )
  await catalog.refresh()
  const cold = consumed.splice(0).reduce((sum, { units }) => sum + units, 0)

  at += overlapMs + 60_000
  await catalog.refresh()
  at += 1000
  consumed.splice(0)
  await catalog.refresh()

  expect(cold).toBeGreaterThan(2)
  expect(consumed.map(({ operation }) => operation)).toEqual(['query'])
  expect(consumed.reduce((sum, { units }) => sum + units, 0)).toBeLessThanOrEqual(1)
})

describe('changes that come late or in disorder', () => {
  /** What tells of a change alone, as a query may see it while its transaction is being committed. */
  const record = (changeId: number, one: { id: number; version: number; action: string }) => {
    const { action } = one
    const key = changeKeyOf(changeId, one.id, one.version)
    const told = [
      { ...keys.change(tag.name, 0, key), action },
      { ...keys.recentChange(key), model: tag.name, action },
    ]
    return started.served.table.write(told.map((put) => ({ put, unconditionally: true as const })))
  }
  const store = (row: Row) => started.served.table.write([{ put: itemOf(tag, row), unconditionally: true }])
  const named = (id: number, name: string): Row => {
    const at = now().toISOString()
    return {
      id,
      version: 1,
      created: at,
      last_updated: at,
      name,
      slug: name,
      color: 'ffffff',
      description: '',
    }
  }

  test('an older change that becomes visible within the overlap is not missed', async () => {
    const { engine, served } = started
    const catalog = createCatalogs({ table: served.table, now }).of(tag)
    const early = engine.ids.next()
    await createRows(engine, tag, [{ name: 'newer', slug: 'newer' }], { actor })
    await catalog.refresh()

    const id = engine.ids.next()
    await store(named(id, 'late'))
    await record(early, { id, version: 1, action: 'create' })
    await catalog.refresh()

    expect(catalog.rows.get(id)).toMatchObject({ name: 'late', version: 1 })
  })

  test('a creation whose record is seen before its row is shown once the row is there', async () => {
    const { engine, served } = started
    const catalog = createCatalogs({ table: served.table, now }).of(tag)
    const id = engine.ids.next()
    await record(engine.ids.next(), { id, version: 1, action: 'create' })
    await catalog.refresh()
    const before = catalog.rows.has(id)

    await store(named(id, 'committed'))
    await catalog.refresh()

    expect(before).toBe(false)
    expect(catalog.rows.get(id)).toMatchObject({ name: 'committed' })
  })

  test('an update whose record is seen before its row is shown once the row is there', async () => {
    const { engine, served } = started
    const [row] = await createRows(engine, tag, [{ name: 'first', slug: 'first' }], { actor })
    if (row === undefined) throw new Error('no row')
    const catalog = createCatalogs({ table: served.table, now }).of(tag)
    await record(engine.ids.next(), { id: row.id, version: 2, action: 'update' })
    await catalog.refresh()
    const before = catalog.rows.get(row.id)

    await store({ ...row, version: 2, name: 'second' })
    await catalog.refresh()

    expect(before).toEqual(row)
    expect(catalog.rows.get(row.id)).toMatchObject({ name: 'second', version: 2 })
  })

  test('an old change of an object that is gone does not bring it back', async () => {
    const { engine, served } = started
    const [row] = await createRows(engine, tag, [{ name: 'gone', slug: 'gone' }], { actor })
    if (row === undefined) throw new Error('no row')
    const catalog = createCatalogs({ table: served.table, now }).of(tag)
    await deleteRows(engine, tag, [{ id: row.id }], { actor })
    await catalog.refresh()

    await store({ ...row, version: 7 })
    await record(engine.ids.next(), { id: row.id, version: 7, action: 'update' })
    await catalog.refresh()

    expect(catalog.rows.has(row.id)).toBe(false)
  })
})

test('a snapshot stands for all changes before it', async () => {
  const { engine, served } = started
  const [row] = await createRows(engine, tag, [{ name: 'pictured', slug: 'pictured' }], { actor })
  if (row === undefined) throw new Error('no row')
  const takenAt = new Date()
  const consumed: Consumed[] = []
  const table = dynamoTable({
    client: served.client,
    name: served.name,
    onConsumed: (one) => consumed.push(one),
  })
  const snapshot = async () => ({ rows: [{ ...row, name: 'from the snapshot' }], gone: [], takenAt })

  const catalog = createCatalogs({ table, now, snapshot }).of(tag)
  await catalog.refresh()

  expect(catalog.rows.get(row.id)).toMatchObject({ name: 'from the snapshot' })
})
