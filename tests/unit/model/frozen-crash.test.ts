import { afterAll, beforeAll, expect, test } from 'vitest'
import { unknown } from 'zod'
import { deviceType } from '../../../shared/dcim/models/device-type.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { rack } from '../../../shared/dcim/models/rack.ts'
import { AppError } from '../../../shared/errors.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import { beginChange, beginDeletion } from '../../../shared/model/deletion-intent.ts'
import type { Engine } from '../../../shared/model/engine.ts'
import { createRows, getRow, getStored, updateRows } from '../../../shared/model/records.ts'
import { keys } from '../../../shared/table/keys.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { gate, puts } from '../../support/gate.ts'
import { makeDevice, makeGround } from '../../support/inventory.ts'

let started: TestEngine
beforeAll(async () => {
  started = await startEngine()
})
afterAll(() => started.stop())

const setHeight = (engine: Engine, id: number, u_height: number): Promise<unknown> =>
  updateRows(engine, deviceType, [{ id, values: { u_height } }], { actor })
const seconds = (count: number): Engine => started.another({ now: () => new Date(Date.now() + count * 1000) })
const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (cause: unknown) => (cause instanceof AppError ? cause.code : String(cause)),
  )

test('a parent whose writer died before it wrote takes children again, and they wait for it', async () => {
  const ground = await makeGround(started.engine)
  await beginChange(started.engine, deviceType, ground.device_type)

  const patient = await makeDevice(started.engine, ground, { name: 'patient' })
  const next = await makeDevice(started.engine, ground, { name: 'next' })

  expect(await getRow(started.engine, device, patient)).toBeDefined()
  expect(await getRow(started.engine, device, next)).toBeDefined()
  expect(await outcome(setHeight(started.engine, ground.device_type, 2))).toBe('validation_failed')
})

test('a parent whose writer died after it wrote takes children as it is now', async () => {
  const { engine, served } = started
  const ground = await makeGround(engine)
  const [place] = await createRows(engine, rack, [{ name: 'r', site: ground.site, u_height: 4 }], { actor })
  // The writer comes no further than its row: the parent is not opened again.
  const dying = started.another({
    table: {
      ...served.table,
      write: async (writes) => {
        const isOpening = writes.some((one) => 'remove' in one && one.remove.pk.startsWith('deletion#'))
        if (isOpening) throw new AppError('unavailable')
        await served.table.write(writes)
      },
    },
  })
  await setHeight(dying, ground.device_type, 2)

  const values = { name: 'later', rack: place?.id, position: 1, face: 'front' }
  const id = await makeDevice(seconds(4), ground, values)

  expect((await getStored(engine, device, id))?.rack_slots).toMatchObject({ halves: 4 })
})

test('a dead change keeps neither another change nor a deletion from being made', async () => {
  const [changed, gone] = [await makeGround(started.engine), await makeGround(started.engine)]
  await beginChange(started.engine, deviceType, changed.device_type)
  await beginChange(started.engine, deviceType, gone.device_type)

  await setHeight(seconds(4), changed.device_type, 3)
  await deleteRows(seconds(4), deviceType, [{ id: gone.device_type }], { actor })

  expect(await getRow(started.engine, deviceType, changed.device_type)).toMatchObject({ u_height: 3 })
  expect(await getRow(started.engine, deviceType, gone.device_type)).toBeUndefined()
})

test('a change that was taken for dead and is not finds its intent gone, and looks again', async () => {
  const { engine, served } = started
  const ground = await makeGround(engine)
  const held = gate(served.table, puts(deviceType.name))
  const slow = outcome(setHeight(started.another({ table: held.table }), ground.device_type, 2))
  await held.arrived

  const id = await makeDevice(seconds(4), ground, { name: 'robber' })
  held.open()

  expect(await slow).toBe('validation_failed')
  expect(await getRow(engine, deviceType, ground.device_type)).toMatchObject({ u_height: 1 })
  expect(await getRow(engine, device, id)).toBeDefined()
})

test('a deletion waits for a change, and a change does not open what is being deleted', async () => {
  const { engine, served } = started
  const [first, second] = [await makeGround(engine), await makeGround(engine)]
  const held = gate(served.table, puts(deviceType.name))
  const slow = outcome(setHeight(started.another({ table: held.table }), first.device_type, 2))
  await held.arrived
  const deleted = outcome(deleteRows(engine, deviceType, [{ id: first.device_type }], { actor }))
  held.open()

  await beginDeletion(engine, deviceType, second.device_type)
  const refused = await outcome(setHeight(engine, second.device_type, 2))

  expect([await slow, await deleted, refused]).toEqual(['done', 'done', 'write_conflict'])
  expect(await outcome(makeDevice(engine, second, { name: 'closed' }))).toBe('write_conflict')
})

test('a change that is refused leaves nothing behind', async () => {
  const { engine, served } = started
  const ground = await makeGround(engine)
  await makeDevice(engine, ground, { name: 'holder' })

  expect(await outcome(setHeight(engine, ground.device_type, 2))).toBe('validation_failed')

  const intent = await served.table.get(unknown(), keys.deletion(deviceType.name, ground.device_type))
  expect(intent).toBeUndefined()
  await makeDevice(engine, ground, { name: 'another' })
})

test('sixty device types are changed by one call, whatever share a transaction', async () => {
  const { engine } = started
  const ground = await makeGround(engine)
  const rows = await createRows(
    engine,
    deviceType,
    Array.from({ length: 60 }, (_, n) => ({
      manufacturer: ground.manufacturer,
      model: `m${n}`,
      slug: `m${n}`,
    })),
    { actor },
  )

  const updates = rows.map(({ id }) => ({ id, values: { u_height: 4 } }))
  const changed = await updateRows(engine, deviceType, updates, { actor, bulk: true })

  expect(changed.map((row) => [row.u_height, row.version])).toEqual(rows.map(() => [4, 2]))
  const child = await makeDevice(engine, { ...ground, device_type: rows[59]?.id ?? 0 }, { name: 'child' })
  expect(child).toBeGreaterThan(0)
})

test('a write reads the presence of those it relies on, in one batch, and nothing where it relies on none', async () => {
  const { engine, served } = started
  const ground = await makeGround(engine)
  const batches: string[][] = []
  const counting = started.another({
    table: {
      ...served.table,
      getMany: async (schema, wanted) => {
        const presences = wanted.map(({ pk }) => pk).filter((pk) => pk.startsWith('presence#'))
        if (presences.length > 0) batches.push(presences.map((pk) => pk.split('#')[1] ?? ''))
        return served.table.getMany(schema, wanted)
      },
    },
  })

  const id = await makeDevice(counting, ground, { name: 'counted' })
  await updateRows(counting, device, [{ id, values: { serial: 'S1' } }], { actor })
  const [place] = await createRows(counting, rack, [{ name: 'counted', site: ground.site }], { actor })

  expect(place?.id).toBeGreaterThan(0)
  expect(batches).toEqual([['dcim.devicetype', 'dcim.devicerole']])
})
