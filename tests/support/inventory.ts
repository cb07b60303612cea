import type { Engine } from '../../shared/model/engine.ts'
import { createRows } from '../../shared/model/records.ts'
import { deviceRole } from '../../shared/dcim/models/device-role.ts'
import { deviceType } from '../../shared/dcim/models/device-type.ts'
import { device } from '../../shared/dcim/models/device.ts'
import { manufacturer } from '../../shared/dcim/models/manufacturer.ts'
import { site } from '../../shared/dcim/models/site.ts'
import { actor } from './engine.ts'

export type Ground = { site: number; role: number; device_type: number; manufacturer: number }

let count = 0

/** A site, a role and a device type, under names of their own. */
export async function makeGround(engine: Engine): Promise<Ground> {
  const name = `ground-${++count}`
  const named = { name, slug: name }
  const [place] = await createRows(engine, site, [named], { actor })
  const [role] = await createRows(engine, deviceRole, [named], { actor })
  const [maker] = await createRows(engine, manufacturer, [named], { actor })
  if (place === undefined || role === undefined || maker === undefined) throw new Error('no ground')
  const [type] = await createRows(engine, deviceType, [{ manufacturer: maker.id, model: name, slug: name }], {
    actor,
  })
  if (type === undefined) throw new Error('no ground')
  return { site: place.id, role: role.id, device_type: type.id, manufacturer: maker.id }
}

export async function makeDevice(
  engine: Engine,
  { site, role, device_type }: Ground,
  values: object,
): Promise<number> {
  const [row] = await createRows(engine, device, [{ site, role, device_type, ...values }], { actor })
  if (row === undefined) throw new Error('no device')
  return row.id
}
