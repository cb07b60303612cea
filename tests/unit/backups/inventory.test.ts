import { afterAll, beforeAll, expect, test } from 'vitest'
import { readInventory } from '../../../shared/backups/runs/inventory.ts'
import { networkInterface } from '../../../shared/dcim/models/interface.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { ipAddress } from '../../../shared/ipam/models/ip-address.ts'
import { createRows, updateRows } from '../../../shared/model/records.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { makeDevice, makeGround } from '../../support/inventory.ts'

let started: TestEngine

beforeAll(async () => {
  started = await startEngine()
})
afterAll(() => started.stop())

test('a device is reached by its management address, else out of band, else by its primary address, else by name', async () => {
  const { engine } = started
  const ground = await makeGround(engine)
  const addressOn = async (id: number, address: string): Promise<number> => {
    const [port] = await createRows(engine, networkInterface, [{ device: id, name: address }], { actor })
    const assigned_object = { type: 'dcim.interface', id: port?.id ?? 0 }
    const [row] = await createRows(engine, ipAddress, [{ address, assigned_object }], {
      actor,
      bySystem: true,
    })
    return row?.id ?? 0
  }
  const named = await makeDevice(engine, ground, { name: 'named' })
  const managed = await makeDevice(engine, ground, { name: 'managed', management_address: '192.0.2.1' })
  const primary = await makeDevice(engine, ground, { name: 'primary' })
  const outOfBand = await makeDevice(engine, ground, { name: 'oob' })
  await addressOn(managed, '10.0.0.1/24')
  await addressOn(primary, '2001:db8::2/64')
  await addressOn(outOfBand, '10.0.0.3/24')
  const oob_ip = await addressOn(outOfBand, '172.16.0.3/24')
  await updateRows(engine, device, [{ id: outOfBand, values: { oob_ip } }], { actor })

  const { devices } = await readInventory(engine)

  const addressOf = (id: number) => devices.find((one) => one.id === id)?.address
  expect([named, managed, primary, outOfBand].map(addressOf)).toEqual([
    'named',
    '192.0.2.1',
    '2001:db8::2',
    '172.16.0.3',
  ])

  const read: number[] = []
  const table: typeof engine.table = {
    ...engine.table,
    getMany: (schema, wanted) => {
      read.push(wanted.length)
      return engine.table.getMany(schema, wanted)
    },
  }
  const one = await readInventory({ ...engine, table }, ({ id }) => id === outOfBand)
  expect(one.devices.map(({ id, address }) => [id, address])).toEqual([[outOfBand, '172.16.0.3']])
  // Of no other device.
  expect(read).toEqual([1])
})
