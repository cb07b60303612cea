import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillEmpty } from '../../../shared/backups/facts/fill.ts'
import { decideAll } from '../../../shared/backups/facts/decide.ts'
import { runLogAfter } from '../../../shared/backups/runs/progress.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { platform } from '../../../shared/dcim/models/platform.ts'
import { createRows, getRow } from '../../../shared/model/records.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { makeDevice, makeGround, type Ground } from '../../support/inventory.ts'
import { recordReading } from '../../support/readings.ts'

let tested: TestEngine
let ground: Ground
const at = '2026-11-20T12:00:00.000Z'

beforeAll(async () => {
  tested = await startEngine()
  ground = await makeGround(tested.engine)
})

afterAll(() => tested?.stop())

test('empty fields are filled where it is wanted, by the run; what was decided on and what differs is left', async () => {
  const { engine, served } = tested
  const values = { name: 'IOS', slug: 'ios', driver: 'cisco_ios' }
  const [ios] = await createRows(engine, platform, [values], { actor })
  const empty = await makeDevice(engine, ground, { name: 'empty' })
  const other = await makeDevice(engine, ground, { name: 'other', serial: 'MINE' })
  const kept = await makeDevice(engine, ground, { name: 'kept' })
  for (const deviceId of [empty, other, kept])
    await recordReading(served.table, { deviceId, facts: { serial: `S${deviceId}` }, at })
  const decision = { field: 'serial', device_id: String(kept), expect_count: 1 } as const
  await decideAll(engine, decision, 'keep', { actor, reason: '' })

  const none = await fillEmpty(engine, 6, [])
  const serials = await fillEmpty(engine, 7, ['serial'])
  const both = await fillEmpty(engine, 8, ['serial', 'platform'])
  const again = await fillEmpty(engine, 9, ['serial', 'platform'])

  expect([none, serials, both, again]).toEqual([
    { filled: 0, failed: 0 },
    { filled: 1, failed: 0 },
    { filled: 3, failed: 0 },
    { filled: 0, failed: 0 },
  ])
  const rows = await Promise.all([empty, other, kept].map((id) => getRow(engine, device, id)))
  expect(rows.map((row) => [row?.serial, row?.platform])).toEqual([
    [`S${empty}`, ios?.id],
    ['MINE', ios?.id],
    ['', ios?.id],
  ])
  const { lines } = await runLogAfter(served.table, 8, undefined)
  expect(lines.map(({ message }) => message)).toEqual([
    '3 empty fields of the inventory were filled with what the devices say',
  ])
})
