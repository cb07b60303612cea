import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCatalogs, overlapMs } from '../../../shared/catalog/catalog.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { location } from '../../../shared/dcim/models/location.ts'
import { manufacturer } from '../../../shared/dcim/models/manufacturer.ts'
import { site } from '../../../shared/dcim/models/site.ts'
import { tag } from '../../../shared/extras/models/tag.ts'
import { recentKeptMs } from '../../../shared/model/change.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import { createRows, updateRows } from '../../../shared/model/records.ts'
import { keys } from '../../../shared/table/keys.ts'
import type { Table } from '../../../shared/table/table.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'

let started: TestEngine
beforeAll(async () => {
  started = await startEngine()
})
afterAll(() => started.stop())

const few = [tag, site, manufacturer, location]

/** Catalogs over the real table that tell which partitions they ask. */
function watched(now: () => Date = () => new Date()) {
  const partitions: string[] = []
  const table: Table = {
    ...started.served.table,
    query: (schema, range) => {
      partitions.push(range.partition)
      return started.served.table.query(schema, range)
    },
  }
  const catalogs = createCatalogs({ table, now })
  const refresh = (models: Parameters<typeof catalogs.of>[0][]) =>
    Promise.all(models.map((model) => catalogs.of(model).refresh()))
  return { catalogs, refresh, asked: () => partitions.splice(0) }
}

const maker = (name: string) => ({ name, slug: name.toLowerCase() })

test('models with few writes are asked for by one query together, a busy one by its own partitions', async () => {
  const { refresh, asked } = watched()
  await refresh([...few, device])
  const cold = asked()

  await refresh([...few, device])

  expect(cold).not.toContain(keys.recentChanges())
  expect(asked().toSorted()).toEqual(
    [...[0, 1, 2, 3].map((shard) => keys.changes(device.name, shard)), keys.recentChanges()].toSorted(),
  )
})

test('creations, changes and ends of several models are seen by the refresh that begins after them', async () => {
  const { catalogs, refresh, asked } = watched()
  const { engine } = started
  const [kept] = await createRows(engine, manufacturer, [maker('Kept')], { actor })
  const [doomed] = await createRows(engine, tag, [maker('Doomed')], { actor })
  if (kept === undefined || doomed === undefined) throw new Error('no rows')
  await refresh(few)
  asked()

  const writers = Array.from({ length: 12 }, async (_, n) => {
    const [row] = await createRows(started.another(), site, [maker(`Noted-${n}`)], { actor })
    return row?.id ?? 0
  })
  const ids = await Promise.all(writers)
  await updateRows(engine, manufacturer, [{ id: kept.id, values: { description: 'changed' } }], { actor })
  await deleteRows(engine, tag, [{ id: doomed.id }], { actor })
  await refresh(few)

  expect(ids.map((id) => catalogs.of(site).rows.get(id)?.name)).toEqual(ids.map((_, n) => `Noted-${n}`))
  expect(catalogs.of(manufacturer).rows.get(kept.id)).toMatchObject({ description: 'changed', version: 2 })
  expect(catalogs.of(tag).rows.has(doomed.id)).toBe(false)
  expect(asked()).toEqual([keys.recentChanges()])
})

test('a catalog that looked further back than the others misses nothing of that time', async () => {
  let at = Date.now()
  const { catalogs, refresh } = watched(() => new Date(at))
  await refresh([site, tag])
  const [row] = await createRows(started.engine, tag, [maker('Between')], { actor })
  at += overlapMs + 60_000
  await refresh([site])

  // The site's catalog asks for the last moments only; the tag's for more than a minute.
  await refresh([site, tag])

  expect(catalogs.of(tag).rows.has(row?.id ?? 0)).toBe(true)
})

test('beyond the time for which notes are kept, the change records are read', async () => {
  let at = Date.now()
  const { catalogs, refresh, asked } = watched(() => new Date(at))
  await refresh([tag])
  const [row] = await createRows(started.engine, tag, [maker('Old')], { actor })
  asked()

  at += recentKeptMs
  await refresh([tag])

  expect(asked()).toEqual([keys.changes(tag.name, 0)])
  expect(catalogs.of(tag).rows.has(row?.id ?? 0)).toBe(true)
})
