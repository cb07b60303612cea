import { afterAll, beforeAll, expect, test } from 'vitest'
import { listChanges } from '../../../shared/core/changes.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { tag } from '../../../shared/extras/models/tag.ts'
import { createRows, updateRows } from '../../../shared/model/records.ts'
import type { Table } from '../../../shared/table/table.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { makeDevice, makeGround } from '../../support/inventory.ts'

let started: TestEngine
let ids: number[]
beforeAll(async () => {
  started = await startEngine()
  const { engine } = started
  const ground = await makeGround(engine)
  ids = []
  for (let n = 0; n < 12; n++) ids.push(await makeDevice(engine, ground, { name: `changed-${n}` }))
  // All in one partition, and newer than the others.
  const [first = 0] = ids
  for (let n = 0; n < 12; n++)
    await updateRows(engine, device, [{ id: first, values: { serial: `s${n}` } }], { actor })
})
afterAll(() => started.stop())

const everything = { offset: 0, limit: 1000 }

test('pages hold whole records, newest first, without gaps or repeats', async () => {
  const all = await listChanges(started.engine, { model: device.name }, everything)
  const paged = []
  for (let offset = 0; offset < all.count; offset += 5)
    paged.push(...(await listChanges(started.engine, { model: device.name }, { offset, limit: 5 })).changes)

  expect(all).toMatchObject({ count: 24, isWhole: true })
  expect(all.changes.map(({ changeId }) => changeId)).toEqual(
    all.changes.map(({ changeId }) => changeId).toSorted((a, b) => b - a),
  )
  expect(paged).toEqual(all.changes)
  expect(all.changes[0]).toMatchObject({
    action: 'update',
    after: { serial: 's11' },
    before: { serial: 's10' },
  })
})

test('only the records of the page are read whole', async () => {
  const whole: number[] = []
  const attributes: unknown[] = []
  const table: Table = {
    ...started.served.table,
    getMany: (schema, keys) => {
      whole.push(keys.length)
      return started.served.table.getMany(schema, keys)
    },
    query: (schema, range) => {
      attributes.push(range.attributes?.includes('before'))
      return started.served.table.query(schema, range)
    },
  }
  const { changes } = await listChanges({ ...started.engine, table }, {}, { offset: 2, limit: 7 })

  expect([changes.length, whole]).toEqual([7, [7]])
  expect(new Set(attributes)).toEqual(new Set([false]))
})

test('where not all can be looked through, what is told has no gaps', async () => {
  const all = await listChanges(started.engine, { model: device.name }, everything)
  // Eight records of each of the four partitions: the one with the updates is not read to its end.
  const part = await listChanges(started.engine, { model: device.name }, everything, 32)

  expect(part.isWhole).toBe(false)
  expect(part.changes.length).toBeGreaterThanOrEqual(8)
  expect(part.changes).toEqual(all.changes.slice(0, part.changes.length))
})

test('filters choose by object, action, user and time', async () => {
  const { engine } = started
  const [made] = await createRows(engine, tag, [{ name: 'seen', slug: 'seen' }], { actor })
  const count = async (filter: Parameters<typeof listChanges>[1]): Promise<number> =>
    (await listChanges(engine, filter, everything)).count

  expect(await count({ model: device.name, objectId: ids[0] })).toBe(13)
  expect(await count({ model: device.name, action: 'create' })).toBe(12)
  expect(await count({ objectId: made?.id })).toBe(1)
  expect(await count({ username: 'nobody' })).toBe(0)
  expect(await count({ after: new Date(Date.now() + 3_600_000) })).toBe(0)
})
