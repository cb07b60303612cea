import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deviceRole } from '../../../shared/dcim/models/device-role.ts'
import { deviceType } from '../../../shared/dcim/models/device-type.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { location } from '../../../shared/dcim/models/location.ts'
import { rack } from '../../../shared/dcim/models/rack.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Model } from '../../../shared/model/define.ts'
import type { Engine } from '../../../shared/model/engine.ts'
import { createRows, getRow, getStored, updateRows } from '../../../shared/model/records.ts'
import type { Table } from '../../../shared/table/table.ts'
import { clusterType } from '../../../shared/virtualization/models/cluster-type.ts'
import { cluster } from '../../../shared/virtualization/models/cluster.ts'
import { makeHostile } from '../../support/allocations.ts'
import { emulateConflicts } from '../../support/conflicts.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { gate, puts } from '../../support/gate.ts'
import { makeDevice, makeGround, type Ground } from '../../support/inventory.ts'

let started: TestEngine
beforeAll(async () => {
  started = await startEngine()
  emulateConflicts(started.served.client)
})
afterAll(() => started.stop())

const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (cause: unknown) => (cause instanceof AppError ? cause.code : String(cause)),
  )

let count = 0
async function make(model: Model, values: object): Promise<number> {
  const name = `frozen-${++count}`
  const [row] = await createRows(started.engine, model, [{ name, ...values }], { actor })
  return row?.id ?? 0
}

const change = (engine: Engine, model: Model, id: number, values: object): Promise<unknown> =>
  updateRows(engine, model, [{ id, values }], { actor })

/** A parent, what its child is made with, and the change that makes the child impossible, or another one. */
type Case = { parent: Model; id: number; child: object; values: object; field: string; fate: string }
const impossible = { fate: 'validation_failed' }

async function heightOfType(ground: Ground): Promise<Case> {
  const child = { rack: await make(rack, { site: ground.site, u_height: 2 }), position: 2, face: 'front' }
  return {
    parent: deviceType,
    id: ground.device_type,
    child,
    values: { u_height: 2 },
    field: 'u_height',
    ...impossible,
  }
}

async function siteOf(parent: Model, field: string, ground: Ground, more: object = {}): Promise<Case> {
  const id = await make(parent, { site: ground.site, ...more })
  const other = await makeGround(started.engine)
  return { parent, id, child: { [field]: id }, values: { site: other.site }, field: 'site', ...impossible }
}

const cases: Readonly<Record<string, (ground: Ground) => Promise<Case>>> = {
  'the height of a device type': heightOfType,
  'the height of a rack': async ({ site }) => {
    const id = await make(rack, { site, u_height: 9 })
    const child = { rack: id, position: 9, face: 'front' }
    return { parent: rack, id, child, values: { u_height: 8 }, field: 'u_height', ...impossible }
  },
  'what a device role is for': async () => {
    const id = await make(deviceRole, { slug: `r-${++count}`, access_point: true })
    const child = { role: id, ap_mode: 'local' }
    return {
      parent: deviceRole,
      id,
      child,
      values: { access_point: false },
      field: 'access_point',
      ...impossible,
    }
  },
  'the site of a rack': async (ground) => siteOf(rack, 'rack', ground),
  // A new device is where its location is.
  'the site of a location': async (ground) => ({
    ...(await siteOf(location, 'location', ground, { slug: `l-${++count}` })),
    fate: 'done',
  }),
  'the site of a cluster': async (ground) =>
    siteOf(cluster, 'cluster', ground, { type: await make(clusterType, { slug: `t-${++count}` }) }),
}

describe.each(Object.entries(cases))('%s', (_, makeCase) => {
  test.each([
    ['one', 1],
    ['several together', 3],
  ])('a child that looked before the change is drafted anew (%s)', async (_name, rows) => {
    const { engine, served } = started
    const ground = await makeGround(engine)
    const { parent, id, child, values, field, fate } = await makeCase(ground)
    const held = gate(served.table, puts(device.name))
    const inputs = Array.from({ length: rows }, (_row, n) => {
      const own = { ...ground, name: `looked-${n}` }
      return n === 0 ? { ...own, ...child } : own
    }).map(({ manufacturer: _manufacturer, ...input }) => input)
    const late = outcome(createRows(started.another({ table: held.table }), device, inputs, { actor }))
    await held.arrived

    await change(engine, parent, id, values)
    held.open()

    expect(await late).toBe(fate)
    expect(await getRow(engine, parent, id)).toMatchObject({ [field]: Object.values(values)[0] })
  })

  test('a parent that looked before the child came is refused', async () => {
    const { engine, served } = started
    const ground = await makeGround(engine)
    const { parent, id, child, values, field } = await makeCase(ground)
    const before = await getRow(engine, parent, id)
    const held = gate(served.table, () => true)
    const late = outcome(change(started.another({ table: held.table }), parent, id, values))
    await held.arrived

    await makeDevice(engine, ground, { name: 'came', ...child })
    held.open()

    expect(await late).toBe('validation_failed')
    expect(await getRow(engine, parent, id)).toMatchObject({ [field]: before?.[field as 'id'] })
  })

  test('a child that comes while the change is being written waits for it', async () => {
    const { engine, served } = started
    const ground = await makeGround(engine)
    const { parent, id, child, values, fate } = await makeCase(ground)
    const held = gate(served.table, puts(parent.name))
    const changed = outcome(change(started.another({ table: held.table }), parent, id, values))
    await held.arrived

    const looks = counted(served.table)
    const late = outcome(makeDevice(started.another({ table: looks.table }), ground, { name: 'l', ...child }))
    await Promise.race([late, looks.enough])
    held.open()

    expect([await changed, await late]).toEqual(['done', fate])
  })
})

/** `enough` comes once the same presence was looked at several times. */
function counted(table: Table): { table: Table; enough: Promise<void> } {
  const enough = Promise.withResolvers<void>()
  let looks = 0
  const getMany: Table['getMany'] = async (schema, keys) => {
    looks += keys.some(({ pk }) => pk.startsWith('presence#')) ? 1 : 0
    if (looks > 3) enough.resolve()
    return table.getMany(schema, keys)
  }
  return { table: { ...table, getMany }, enough: enough.promise }
}

test('a child that does not rely on the field attaches while it is being changed', async () => {
  const { engine, served } = started
  const ground = await makeGround(engine)
  const id = await make(rack, { site: ground.site })
  const held = gate(served.table, puts(rack.name))
  const other = await makeGround(engine)
  const changed = outcome(change(started.another({ table: held.table }), rack, id, { site: other.site }))
  await held.arrived

  const { journalEntry } = await import('../../../shared/extras/models/journal-entry.ts')
  const note = { assigned_object: { type: rack.name, id }, comments: 'Seen' }
  const noted = await outcome(createRows(engine, journalEntry, [note], { actor, bySystem: true }))
  held.open()

  expect([noted, await changed]).toEqual(['done', 'done'])
})

/** Two devices in adjacent units, and the height of their type at the same time. */
async function round(common: Ground): Promise<{ outcomes: string[]; height: unknown; slots: Slots[] }> {
  const { engine } = started
  const model = `type-${++count}`
  const values = { manufacturer: common.manufacturer, model, slug: model }
  const [made] = await createRows(engine, deviceType, [values], { actor })
  const ground = { ...common, device_type: made?.id ?? 0 }
  const id = await make(rack, { site: ground.site, u_height: 6 })
  const placed: number[] = []
  const place = async (position: number): Promise<void> => {
    const values = { name: `${model}-at-${position}`, rack: id, position, face: 'front' }
    placed.push(await makeDevice(started.another(), ground, values))
  }
  const turns = [
    () => place(1),
    () => place(2),
    () => change(started.another(), deviceType, ground.device_type, { u_height: 2 }),
  ]
  const outcomes = await Promise.all(
    turns.map(async (turn) => {
      await wait(Math.random() * 20)
      return outcome(turn())
    }),
  )
  const type = await getRow(engine, deviceType, ground.device_type)
  const rows = await Promise.all(placed.map((one) => getStored(engine, device, one)))
  return { outcomes, height: type?.u_height, slots: rows.map((row) => row?.rack_slots as Slots) }
}
type Slots = { from: number; halves: number }

type Round = Awaited<ReturnType<typeof round>>

const isWrong = ({ height, slots }: Round): boolean => {
  const halves = slots.flatMap(({ from, halves: own }) =>
    Array.from({ length: own }, (_, half) => from + half),
  )
  return new Set(halves).size < halves.length || slots.some((one) => one.halves !== Number(height) * 2)
}

async function play(fours: number): Promise<Round[]> {
  const ground = await makeGround(started.engine)
  const rounds: Round[] = []
  for (let n = 0; n < fours; n++)
    rounds.push(...(await Promise.all(Array.from({ length: 4 }, () => round(ground)))))
  return rounds
}

const answers = new Set(['done', 'validation_failed', 'duplicate'])

test('of 120 rounds of placing devices while the height of their type changes none leaves an overlap', async () => {
  const rounds = await play(30)

  expect(rounds.filter(isWrong)).toEqual([])
  expect(rounds.flatMap(({ outcomes }) => outcomes).filter((one) => !answers.has(one))).toEqual([])
  expect(rounds.filter(({ height }) => height === 2).length).toBeGreaterThan(0)
  expect(rounds.filter(({ slots }) => slots.length === 2).length).toBeGreaterThan(0)
}, 300_000)

test('nor does one of 20 where the table is throttled, or reports as failed what it applied', async () => {
  makeHostile(started.served.client, 0.06, Math.random)

  const rounds = await play(5)

  expect(rounds.filter(isWrong)).toEqual([])
  expect(rounds.flatMap(({ outcomes }) => outcomes).filter((one) => !answers.has(one))).toEqual([])
}, 300_000)
