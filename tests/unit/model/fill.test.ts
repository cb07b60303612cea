import { afterAll, beforeAll, expect, test } from 'vitest'
import { networkInterface } from '../../../shared/dcim/models/interface.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { ipAddress } from '../../../shared/ipam/models/ip-address.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import { listRows } from '../../../shared/model/listing.ts'
import { createRows, updateRows } from '../../../shared/model/records.ts'
import { fillInventory } from '../../bench/fill.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'

let started: TestEngine
let ids: Record<string, number[]>
const wanted = {
  devices: 30,
  interfaces: 90,
  virtualMachines: 10,
  prefixes: 4,
  addresses: 20,
  sites: 3,
  clusters: 2,
}

beforeAll(async () => {
  started = await startEngine()
  ids = await fillInventory(started.engine, wanted)
})
afterAll(() => started.stop())

test('an inventory that was filled in for a benchmark is one that the engine works with', async () => {
  const { engine } = started
  const [one = 0, other = 0] = ids[device.name] ?? []
  const [first = 0] = ids[networkInterface.name] ?? []
  await updateRows(engine, device, [{ id: one, values: { name: 'renamed' } }], { actor })
  await deleteRows(engine, networkInterface, [{ id: first }], { actor })
  const taken = createRows(engine, ipAddress, [{ address: '10.0.0.1/24' }], { actor })

  await expect(taken).rejects.toMatchObject({
    issues: [{ path: 'address', message: expect.stringContaining('Duplicate') as string }],
  })
  const listed = await listRows(engine, networkInterface, new Map([['device_id', [String(one)]]]))
  const devices = await listRows(engine, device, new Map())
  expect([listed.count, devices.count]).toEqual([2, 30])
  await deleteRows(engine, device, [{ id: other }], { actor })
  expect((await listRows(engine, networkInterface, new Map())).count).toBe(86)
})
