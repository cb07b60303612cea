import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { networkInterface } from '../../../shared/dcim/models/interface.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import type { Engine } from '../../../shared/model/engine.ts'
import { listRows, type Listed } from '../../../shared/model/listing.ts'
import { createRows, updateRows } from '../../../shared/model/records.ts'
import { dynamoTable, type Consumed } from '../../../shared/table/dynamo-table.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { makeDevice, makeGround } from '../../support/inventory.ts'

let started: TestEngine
let devices: number[]
let ids: number[]

beforeAll(async () => {
  started = await startEngine()
  const { engine } = started
  const ground = await makeGround(engine)
  devices = [
    await makeDevice(engine, ground, { name: 'one' }),
    await makeDevice(engine, ground, { name: 'two' }),
  ]
  const inputs = Array.from({ length: 24 }, (_, n) => ({
    device: devices[n % 2] ?? 0,
    name: `eth${n}`,
    mtu: n % 3 === 0 ? 9000 : null,
  }))
  ids = (await createRows(engine, networkInterface, inputs, { actor })).map(({ id }) => id)
  const bridged = { id: ids[2] ?? 0, values: { bridge: ids[0] ?? 0 } }
  await updateRows(engine, networkInterface, [bridged], { actor })
})
afterAll(() => started.stop())

/** A container that has loaded nothing yet, and what it reads. */
function cold(): { engine: Engine; consumed: Consumed[] } {
  const consumed: Consumed[] = []
  const { client, name } = started.served
  const table = dynamoTable({ client, name, onConsumed: (one) => consumed.push(one) })
  return { engine: started.another({ table }), consumed }
}

const list = (engine: Engine, text: string): Promise<Listed> => {
  const query = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(text)) query.set(name, [...(query.get(name) ?? []), value])
  return listRows(engine, networkInterface, query)
}

/** The catalogs of a container that was asked for something else before. */
async function warm(): Promise<Engine> {
  const engine = started.another()
  await list(engine, 'limit=1')
  return engine
}

test('the interfaces of a device are read by its references, without a catalog', async () => {
  const { engine } = cold()
  const { rows, count, sources } = await list(engine, `device_id=${devices[0]}`)

  expect(count).toBe(12)
  expect(rows.every(({ device }) => device === devices[0])).toBe(true)
  expect(engine.catalogs.of(networkInterface).generation()).toBe(0)
  expect(engine.catalogs.of(engine.registry.get('dcim.device')).generation()).toBe(0)
  // What the rows refer to is at hand, their own kind included.
  expect(sources.catalogs.of(engine.registry.get('dcim.device')).rows.get(devices[0] ?? 0)?.['name']).toBe(
    'one',
  )
  expect(sources.catalogs.of(networkInterface).rows.has(ids[0] ?? 0)).toBe(true)
})

describe('the answer is the one that the catalog gives', () => {
  test.each([
    'device_id=ONE',
    'device_id=ONE&device_id=TWO',
    'device_id=ONE&limit=5&offset=5',
    'device_id=ONE&ordering=-name',
    'device_id=ONE&ordering=device,-mtu',
    'device_id=ONE&mtu=9000',
    'device_id=ONE&name__ic=1',
    'device_id=ONE&q=eth2',
    'device_id=ONE&facets=enabled,type',
    'device_id=ONE&bridge_id=BRIDGE',
    'device_id=ONE&device=two',
    'device_id=ONE&device__n=two',
    'device_id=1',
    'device_id=ONE&id=BRIDGE',
  ])('%s', async (text) => {
    const asked = text
      .replaceAll('ONE', String(devices[0]))
      .replaceAll('TWO', String(devices[1]))
      .replaceAll('BRIDGE', String(ids[0]))

    const engine = await warm()
    const [{ sources: _, ...narrow }, { sources: __, ...whole }] = await Promise.all([
      list(cold().engine, asked),
      list(engine, asked),
    ])

    expect(narrow).toEqual(whole)
  })
})

test('a write that has ended is in the list, a deleted row is not', async () => {
  const { engine } = cold()
  const [made] = await createRows(
    started.another(),
    networkInterface,
    [{ device: devices[1] ?? 0, name: 'new' }],
    {
      actor,
    },
  )
  const with_ = await list(engine, `device_id=${devices[1]}`)
  await deleteRows(started.another(), networkInterface, [{ id: made?.id ?? 0 }], { actor })
  const without = await list(engine, `device_id=${devices[1]}`)

  expect(with_.rows.map(({ id }) => id)).toContain(made?.id)
  expect(without.rows.map(({ id }) => id)).not.toContain(made?.id)
})

test.each([`device_id=x`, 'device_id=null', 'device_id__n=1', 'nonsense=1&device_id=1'])(
  '%s is answered or refused as by the catalog',
  async (text) => {
    const engine = await warm()
    const outcomes = await Promise.allSettled([list(cold().engine, text), list(engine, text)])

    const [narrow, whole] = outcomes.map((one) =>
      one.status === 'rejected' ? String(one.reason) : one.value.rows.map(({ id }) => id),
    )
    expect(narrow).toEqual(whole)
  },
)
