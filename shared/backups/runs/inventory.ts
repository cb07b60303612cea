import { device } from '../../dcim/models/device.ts'
import { platform } from '../../dcim/models/platform.ts'
import { site } from '../../dcim/models/site.ts'
import { ipAddress } from '../../ipam/models/ip-address.ts'
import type { RowOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { rowsOf } from '../../model/rows-of.ts'
import { storedSchema } from '../../model/rows.ts'
import { keys } from '../../table/keys.ts'
import type { AccessRules } from '../access/access.ts'
import { accessRule } from '../models/access-rule.ts'
import { credential } from '../models/credential.ts'
import { jumpHost } from '../models/jump-host.ts'
import type { PlannedCredential, PlannedDevice } from './plan.ts'

type DeviceRow = RowOf<typeof device>

/**
 * What the plan needs of the inventory, from the catalogs: as of now, the caller's own writes included.
 * @param isWanted the devices that are asked for: addresses of others are not read from the table.
 */
export async function readInventory(
  engine: Engine,
  isWanted: (row: DeviceRow) => boolean = () => true,
): Promise<{ devices: PlannedDevice[]; credentials: PlannedCredential[]; access: AccessRules }> {
  const [devices, platforms, sites, credentials, rules, jumpHosts] = await Promise.all([
    rowsOf(engine, device),
    rowsOf(engine, platform),
    rowsOf(engine, site),
    rowsOf(engine, credential),
    rowsOf(engine, accessRule),
    rowsOf(engine, jumpHost),
  ])
  const wanted = [...devices.values()].filter(isWanted)
  const addresses = await primaryAddresses(engine, wanted)
  return {
    devices: wanted.map((row) => ({
      id: row.id,
      name: row.name,
      status: row.status,
      // Without any address the name is looked up: many networks keep their devices in DNS.
      address: row.management_address ?? addresses.get(row.oob_ip ?? row.primary_ip ?? 0) ?? row.name,
      port: row.management_port,
      deviceType: (row.platform === null ? undefined : platforms.get(row.platform)?.driver) ?? '',
      platformId: row.platform ?? undefined,
      site: { id: row.site, slug: sites.get(row.site)?.slug ?? String(row.site) },
      tagIds: row.tags,
    })),
    access: { rules: [...rules.values()], jumpHosts },
    credentials: [...credentials.values()].map(({ id, priority, tags, secret_version, former_until }) => ({
      id,
      priority,
      tagIds: tags,
      secretVersion: secret_version,
      ...(former_until === null ? {} : { formerUntil: former_until }),
    })),
  }
}

/** Of devices without a management address: that of the out-of-band interface, else the primary one, by its id. */
async function primaryAddresses(engine: Engine, devices: readonly DeviceRow[]): Promise<Map<number, string>> {
  const ids = devices.flatMap(({ management_address, oob_ip, primary_ip }) =>
    management_address === null ? (oob_ip ?? primary_ip ?? []) : [],
  )
  const found = await engine.table.getMany(
    storedSchema(ipAddress),
    ids.map((id) => keys.entity(ipAddress.name, id)),
  )
  return new Map(
    found.flatMap((row) => (row === undefined ? [] : [[row.id, row.address.split('/')[0] ?? row.address]])),
  )
}
