import { aristaEos } from './arista_eos.ts'
import { arubaAoscx } from './aruba_aoscx.ts'
import { ciscoAsa } from './cisco_asa.ts'
import { ciscoIos } from './cisco_ios.ts'
import { ciscoNxos } from './cisco_nxos.ts'
import { ciscoXe } from './cisco_xe.ts'
import { ciscoXr } from './cisco_xr.ts'
import type { Platform } from './definition.ts'
import { fortinet } from './fortinet.ts'
import { frr } from './frr.ts'
import { generic } from './generic.ts'
import { hpComware } from './hp_comware.ts'
import { hpProcurve } from './hp_procurve.ts'
import { huaweiVrp } from './huawei_vrp.ts'
import { juniperJunos } from './juniper_junos.ts'
import { linux } from './linux.ts'
import { mikrotikRouteros } from './mikrotik_routeros.ts'
import { paloaltoPanos } from './paloalto_panos.ts'
import { vyos } from './vyos.ts'

/** Every platform there is; everything else about platforms derives from this list. */
export const platforms: readonly Platform[] = [
  aristaEos,
  arubaAoscx,
  ciscoAsa,
  ciscoIos,
  ciscoNxos,
  ciscoXe,
  ciscoXr,
  fortinet,
  frr,
  generic,
  hpComware,
  hpProcurve,
  huaweiVrp,
  juniperJunos,
  linux,
  mikrotikRouteros,
  paloaltoPanos,
  vyos,
]

const byDeviceType = new Map(
  platforms.flatMap((platform) =>
    [platform.id, ...(platform.aliases ?? [])].map((name) => [name, platform] as const),
  ),
)

/** Every device type that is known, in order. */
export const deviceTypes: readonly string[] = [...byDeviceType.keys()].sort()

/** The platform of a device type: its id, an alias, or either with Netmiko's `_ssh`, `_telnet` or `_serial` behind it. */
export const findPlatform = (deviceType: string): Platform | undefined =>
  byDeviceType.get(deviceType) ?? byDeviceType.get(deviceType.replace(/_(?:ssh|telnet|serial)$/, ''))

/** The known device types that are spelled most alike, nearest first. */
export function nearestPlatforms(deviceType: string, count = 3): string[] {
  const wanted = deviceType.slice(0, 64).toLowerCase()
  return deviceTypes
    .map((name) => ({ name, distance: editDistance(wanted, name) }))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, count)
    .map(({ name }) => name)
}

/** How many letters must be put in, taken out, changed or swapped with the next (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let before: number[] = []
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let index = 0; index < from.length; index += 1) {
    const next = [index + 1]
    for (let column = 0; column < to.length; column += 1) {
      const swapped = index > 0 && from[index] === to[column - 1] && from[index - 1] === to[column]
      next.push(
        Math.min(
          (row[column] ?? 0) + (from[index] === to[column] ? 0 : 1),
          (row[column + 1] ?? 0) + 1,
          (next[column] ?? 0) + 1,
          swapped ? (before[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    before = row
    row = next
  }
  return row[to.length] ?? 0
}
