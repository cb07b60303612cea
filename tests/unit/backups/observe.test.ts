import { afterAll, beforeAll, expect, test } from 'vitest'
import { readObservation, readState } from '../../../shared/backups/device-records.ts'
import { seenOf } from '../../../shared/backups/facts/seen.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import type { Table, Write } from '../../../shared/table/table.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { makeDevice, makeGround, type Ground } from '../../support/inventory.ts'
import { recordReading, type ReadDevice } from '../../support/readings.ts'

let tested: TestEngine
let table: Table
let ground: Ground
let count = 0

beforeAll(async () => {
  tested = await startEngine()
  ;({ table } = tested.served)
  ground = await makeGround(tested.engine)
})

afterAll(() => tested?.stop())

const newDevice = (): Promise<number> => makeDevice(tested.engine, ground, { name: `observed-${++count}` })
const minute = (n: number): string => new Date(Date.UTC(2026, 10, 20, 12, n)).toISOString()

const record = (read: ReadDevice, over: Table = table) => recordReading(over, read)

/** A table that counts what is written through it. */
function counting(): { over: Table; writes: Write[] } {
  const writes: Write[] = []
  const over: Table = {
    ...table,
    write: async (given) => {
      await table.write(given)
      writes.push(...given)
    },
  }
  return { over, writes }
}

test('a device that says the same costs its state and its result, and is counted all the same', async () => {
  const deviceId = await newDevice()
  const facts = { hostname: 'sw1', serial: 'ABC1', version: '15.2' }
  await record({ deviceId, facts, at: minute(0), runId: 1 })
  const { over, writes } = counting()

  await record({ deviceId, facts, at: minute(1), runId: 2 }, over)

  const touched = writes.map((write) => ('put' in write ? write.put.pk.split('#')[0] : 'other'))
  expect(touched).toEqual(['backup-state', 'run-result'])
  const [row, state] = await Promise.all([readObservation(table, deviceId), readState(table, deviceId)])
  expect(row).toMatchObject({
    version: 1,
    serial: 'ABC1',
    os_version: '15.2',
    model: '',
    driver: 'cisco_ios',
    run: 1,
  })
  expect(seenOf(row?.readings['serial'], state?.observed)).toEqual({
    first_seen: minute(0),
    last_seen: minute(1),
    count: 2,
  })
  expect(row?.readings['serial']?.raw).toBe('serial: ABC1')
})

test('what changes begins anew, what stays goes on, what is not said any more keeps when it was', async () => {
  const deviceId = await newDevice()
  await record({ deviceId, facts: { serial: 'ABC1', version: '15.2', model: 'M1' }, at: minute(0), runId: 1 })
  await record({ deviceId, facts: { serial: 'ABC1', version: '15.2', model: 'M1' }, at: minute(1), runId: 2 })
  await record({ deviceId, facts: { serial: 'abc 1', version: '17.3' }, at: minute(2), runId: 3 })
  await record({ deviceId, facts: { serial: 'abc 1', version: '17.3' }, at: minute(3), runId: 4 })

  const [row, state] = await Promise.all([readObservation(table, deviceId), readState(table, deviceId)])
  const seen = (name: string) => seenOf(row?.readings[name], state?.observed)

  expect(row).toMatchObject({ serial: 'abc 1', os_version: '17.3', model: 'M1', run: 3, version: 2 })
  expect(seen('serial')).toEqual({ first_seen: minute(0), last_seen: minute(3), count: 4 })
  expect(seen('os_version')).toEqual({ first_seen: minute(2), last_seen: minute(3), count: 2 })
  expect(seen('model')).toEqual({ first_seen: minute(0), last_seen: minute(1), count: 2 })

  await record({ deviceId, facts: { serial: 'ABC1', version: '17.3', model: 'M1' }, at: minute(4), runId: 5 })
  const [again, stateAgain] = await Promise.all([
    readObservation(table, deviceId),
    readState(table, deviceId),
  ])
  const model = seenOf(again?.readings['model'], stateAgain?.observed)
  expect(model).toEqual({ first_seen: minute(0), last_seen: minute(4), count: 3 })
})

test('a session that began before the last one and ends after it tells nothing new', async () => {
  const deviceId = await newDevice()
  await record({ deviceId, facts: { serial: 'OLD' }, at: minute(0), runId: 1 })
  const state = await readState(table, deviceId)
  await record({ deviceId, facts: { serial: 'NEW' }, at: minute(5), runId: 3 })

  await record({ deviceId, facts: { serial: 'OLDER' }, at: minute(3), runId: 2 })
  // It read the state before the other was recorded: its write is refused, and it looks again.
  await record({ deviceId, facts: { serial: 'OLDER' }, at: minute(4), runId: 4, state })

  expect(await readObservation(table, deviceId)).toMatchObject({ serial: 'NEW', version: 2, run: 3 })
})

test('of runs at once the newest session decides, and the row says what the state says', async () => {
  const devices = await Promise.all(Array.from({ length: 12 }, newDevice))

  await Promise.all(
    devices.flatMap((deviceId, index) =>
      [0, 1, 2, 3].map((run) =>
        // In another order for each device.
        record({
          deviceId,
          facts: { serial: `S${(run + index) % 4}` },
          at: minute((run + index) % 4),
          runId: run + 1,
          state: undefined,
        }),
      ),
    ),
  )

  const rows = await Promise.all(devices.map((id) => readObservation(table, id)))
  const states = await Promise.all(devices.map((id) => readState(table, id)))
  expect(rows.map((row) => row?.serial)).toEqual(devices.map(() => 'S3'))
  expect(states.map((state) => state?.observed?.at)).toEqual(devices.map(() => minute(3)))
})

test('a device that is deleted while it is asked leaves a result and no observation', async () => {
  const [gone, going] = [await newDevice(), await newDevice()]
  await record({ deviceId: going, facts: { serial: 'A' }, at: minute(0) })
  const before = await readState(table, going)
  await deleteRows(tested.engine, device, [{ id: gone }, { id: going }], { actor })

  const results = await Promise.all([
    record({ deviceId: gone, facts: { serial: 'A' }, at: minute(1) }),
    record({ deviceId: going, facts: { serial: 'B' }, at: minute(1), state: before }),
  ])

  expect(results.map(({ status }) => status)).toEqual(['unchanged', 'unchanged'])
  expect(await readObservation(table, gone)).toBeUndefined()
  expect(await readObservation(table, going)).toBeUndefined()
})

test('deletions and readings at once leave no observation of a device that is gone', async () => {
  const devices = await Promise.all(Array.from({ length: 12 }, newDevice))
  await Promise.all(
    devices.slice(6).map((deviceId) => record({ deviceId, facts: { serial: 'A' }, at: minute(0) })),
  )

  await Promise.all(
    devices.flatMap((id) => [
      record({ deviceId: id, facts: { serial: 'B' }, at: minute(1) }),
      deleteRows(tested.engine, device, [{ id }], { actor }),
    ]),
  )

  const rows = await Promise.all(devices.map((id) => readObservation(table, id)))
  expect(rows.filter((row) => row !== undefined)).toEqual([])
})
