import { device } from '../dcim/models/device.ts'
import type { Row, RowOf } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { matchRows } from '../model/listing.ts'
import { searchFilters } from './search/routes.ts'

export type DeviceRow = RowOf<typeof device>
/** What a query says of devices, by the names of their list's filters. */
export type DeviceFilters = { [Name in keyof typeof searchFilters]?: string | string[] | undefined }

/** The devices that the filters of their list match; all of them where there is none. */
export async function matchDevices(engine: Engine, asked: DeviceFilters): Promise<DeviceRow[]> {
  const known = Object.keys(searchFilters) as (keyof typeof searchFilters)[]
  const filters = known.flatMap((name): [string, string[]][] => {
    const given = asked[name]
    return given === undefined ? [] : [[name === 'device_id' ? 'id' : name, [given].flat()]]
  })
  if (filters.length > 0) return devicesOf(await matchRows(engine, device, new Map(filters)))
  const catalog = engine.catalogs.of(device)
  await catalog.refresh()
  return devicesOf([...catalog.rows.values()])
}

/** Both sources give rows of the devices' model and no others. */
const devicesOf = (rows: readonly Row[]): DeviceRow[] => rows as DeviceRow[]
