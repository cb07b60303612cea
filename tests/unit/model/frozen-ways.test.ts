import { afterAll, beforeAll, expect, test } from 'vitest'
import { deviceType } from '../../../shared/dcim/models/device-type.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { networkInterface } from '../../../shared/dcim/models/interface.ts'
import { rack } from '../../../shared/dcim/models/rack.ts'
import { applyPart } from '../../../shared/imports/apply-part.ts'
import { ipAddress } from '../../../shared/ipam/models/ip-address.ts'
import { operations } from '../../../shared/ipam/operations.ts'
import { withDefaults } from '../../../shared/model/input.ts'
import { createRows, getRow, getStored, updateRows } from '../../../shared/model/records.ts'
import type { Write } from '../../../shared/table/table.ts'
import { askedWith, parentFor } from '../../support/allocations.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { gate, puts } from '../../support/gate.ts'
import { makeDevice, makeGround } from '../../support/inventory.ts'

/** Whatever way a row comes to be, it notices that what it relies on was changed since it was looked at. */

let started: TestEngine
beforeAll(async () => {
  started = await startEngine()
})
afterAll(() => started.stop())

test('a row of an import is placed with the height that its type has come to have', async () => {
  const { engine, served } = started
  const { manufacturer: _manufacturer, ...ground } = await makeGround(engine)
  const [place] = await createRows(engine, rack, [{ name: 'r', site: ground.site, u_height: 4 }], { actor })
  const held = gate(served.table, puts(device.name))
  const values = withDefaults(device, {
    ...ground,
    name: 'imported',
    rack: place?.id,
    position: 2,
    face: 'front',
  })
  const id = engine.ids.next()
  const rows = [{ index: 0, line: 2, id, values }]
  const written = applyPart(started.another({ table: held.table }), device, { rows, options: { actor } })
  await held.arrived

  await updateRows(engine, deviceType, [{ id: ground.device_type, values: { u_height: 2 } }], { actor })
  held.open()

  expect(await written).toEqual({ created: 1, changed: 0, failures: [] })
  expect((await getStored(engine, device, id))?.rack_slots).toMatchObject({ from: 4, halves: 4 })
})

test('an address that is given out to an interface is written anew where the interface moved', async () => {
  const { engine, served } = started
  const ground = await makeGround(engine)
  const [from, to] = [
    await makeDevice(engine, ground, { name: 'from' }),
    await makeDevice(engine, ground, { name: 'to' }),
  ]
  const [port] = await createRows(engine, networkInterface, [{ device: from, name: 'eth0' }], { actor })
  const prefix = await parentFor(engine, 'addresses')
  const attempts: (readonly Write[])[] = []
  const isAddress = puts(ipAddress.name)
  const held = gate(served.table, (writes) => {
    if (isAddress(writes)) attempts.push(writes)
    return isAddress(writes)
  })
  const body = { assigned_object_type: networkInterface.name, assigned_object_id: port?.id }
  const asked = askedWith(`/api/ipam/prefixes/${prefix}/available-ips/`, body)
  const given = operations.giveFromPrefix(started.another({ table: held.table }), { id: prefix }, asked)
  await held.arrived

  await updateRows(engine, networkInterface, [{ id: port?.id ?? 0, values: { device: to } }], { actor })
  held.open()

  expect(await given).toMatchObject({ address: '10.0.0.1/16' })
  expect(attempts).toHaveLength(2)
  expect(await getRow(engine, device, to)).toMatchObject({ primary_ip4: expect.any(Number) })
  expect(await getRow(engine, device, from)).toMatchObject({ primary_ip4: null })
})
