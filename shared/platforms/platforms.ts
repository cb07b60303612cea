import type { Platform } from './definition.ts'
import { platforms } from './list.ts'

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

/** True where nobody has said what the device is. */
export const isUndetected = (deviceType: string): boolean =>
  /^(?:autodetect(?:_ssh|_telnet)?)?$/.test(deviceType)

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
