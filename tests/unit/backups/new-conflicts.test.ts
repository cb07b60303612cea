import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConflicts } from '../../../shared/backups/facts/conflicts.ts'
import { keep } from '../../../shared/backups/facts/decide.ts'
import { conflictsSince } from '../../../shared/backups/facts/new-conflicts.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { updateRows } from '../../../shared/model/records.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { makeDevice, makeGround, type Ground } from '../../support/inventory.ts'
import { recordReading } from '../../support/readings.ts'

let tested: TestEngine
let ground: Ground

beforeAll(async () => {
  tested = await startEngine()
  ground = await makeGround(tested.engine)
})
afterAll(() => tested?.stop())

/** Runs come an hour after the other. */
const at = (runId: number): string => new Date(Date.UTC(2026, 10, 20, runId)).toISOString()

const says = (deviceId: number, runId: number, serial: string, more: { hostname?: string } = {}) =>
  recordReading(tested.served.table, {
    deviceId,
    facts: { serial, ...more },
    at: at(runId),
    runId,
  })
const since = async (runId: number): Promise<unknown[]> =>
  (await conflictsSince(tested.engine, { id: runId, started: at(runId) }))
    .filter(({ field }) => field === 'serial')
    .map(({ device: { name }, kind, inventory, observed }) => [name, kind, inventory, observed])

test('a conflict is new in the run in which the device said so first, and until somebody decides', async () => {
  const first = await makeDevice(tested.engine, ground, { name: 'first', serial: 'A1' })
  await makeDevice(tested.engine, ground, { name: 'never read', serial: 'X' })
  const agreed = await makeDevice(tested.engine, ground, { name: 'agreed', serial: 'C1' })
  await says(agreed, 1, 'C1')
  await says(first, 1, 'A1')
  expect(await since(1)).toEqual([])

  await says(first, 2, 'B2')
  await says(agreed, 2, 'C1')
  expect(await since(2)).toEqual([['first', 'differs', 'A1', 'B2']])

  await says(first, 3, 'B2')
  expect(await since(3)).toEqual([])
  // Told once more of the same run it says the same.
  expect(await since(2)).toHaveLength(1)

  const { conflicts } = await readConflicts(tested.engine, { field: 'serial' })
  const [open] = conflicts
  if (open === undefined) throw new Error('no conflict')
  await keep(tested.engine, open, { actor, reason: 'the label is wrong' })
  expect(await since(2)).toEqual([])

  await says(first, 4, 'D4')
  expect(await since(4)).toEqual([['first', 'differs', 'A1', 'D4']])

  // News of another field, by a run that was quicker to the end.
  await says(first, 5, 'D4', { hostname: 'renamed' })
  expect(await since(4)).toEqual([['first', 'differs', 'A1', 'D4']])
  expect(await since(5)).toEqual([])
})

test('what the inventory has none of is told, and what somebody changes there is news of no run', async () => {
  const id = await makeDevice(tested.engine, ground, { name: 'empty' })
  await says(id, 11, 'E5')
  await says(id, 12, 'E5')
  expect(await since(11)).toEqual([['empty', 'missing', '', 'E5']])

  await updateRows(tested.engine, device, [{ id, values: { serial: 'typo' } }], { actor })

  expect(await since(12)).toEqual([])
})
