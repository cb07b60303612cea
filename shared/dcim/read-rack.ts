import { AppError } from '../errors.ts'
import type { Row, RowOf } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { listRows } from '../model/listing.ts'
import { getRow, noRow } from '../model/records.ts'
import { knownKey, readShown, type Known } from '../model/references.ts'
import type { Face, Mounted, RackFrame } from './elevation.ts'
import { device } from './models/device.ts'
import { rack } from './models/rack.ts'

export type ReadRack = {
  row: RowOf<typeof rack>
  frame: RackFrame
  devices: Mounted[]
  rows: ReadonlyMap<number, Row>
  known: Known
}

/** No role, no colour. */
const plainColor = '9e9e9e'

/**
 * A rack with the devices that stand in its units.
 * @throws AppError `not_found`.
 */
export async function readRack(engine: Engine, id: number, except?: number): Promise<ReadRack> {
  const row = await getRow(engine, rack, id)
  if (row === undefined) throw new AppError('not_found', noRow(rack, id))
  const query = new Map([
    ['rack_id', [String(id)]],
    ['position__empty', ['false']],
    ['limit', ['0']],
  ])
  const listed = await listRows(engine, device, query)
  const rows = listed.rows.filter((one) => one.id !== except)
  const known = await readShown(engine, device, rows)
  const devices = rows.flatMap((one) => mounted(one, known))
  return { row, frame: frameOf(row), devices, rows: new Map(rows.map((one) => [one.id, one])), known }
}

const frameOf = ({ name, starting_unit, u_height, desc_units }: RowOf<typeof rack>): RackFrame => ({
  name,
  startingUnit: starting_unit,
  uHeight: u_height,
  descUnits: desc_units,
})

function mounted(row: Row, known: Known): Mounted[] {
  const type = known.get(knownKey('dcim.devicetype', Number(row['device_type'])))
  const role = known.get(knownKey('dcim.devicerole', Number(row['role'])))
  const { position, face } = row
  if (type === undefined || typeof position !== 'number' || Number(type['u_height']) === 0) return []
  const facts = [
    `Role: ${(role?.['name'] as string | undefined) ?? ''}`,
    `Type: ${String(type['model'])}, ${Number(type['u_height'])}U`,
    ...(row['asset_tag'] === null ? [] : [`Asset tag: ${row['asset_tag'] as string}`]),
    ...(row['serial'] === '' ? [] : [`Serial: ${row['serial'] as string}`]),
  ]
  return [
    {
      id: row.id,
      name: String(row['name']),
      position,
      height: Number(type['u_height']),
      face: face as Face,
      isFullDepth: type['is_full_depth'] === true,
      color: (role?.['color'] as string | undefined) ?? plainColor,
      facts,
    },
  ]
}
