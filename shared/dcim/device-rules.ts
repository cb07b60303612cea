import type { Issue } from '../errors.ts'
import type { Refs, Row } from '../model/define.ts'
import { slotsOf } from './rack-units.ts'

/** Fields that mean something for access points only. */
const accessPointFields = ['ap_mode', 'ap_group', 'associated_wac_ip'] as const

/**
 * On creation the location decides the site, and the rack the location. A device that stops being an access point
 * loses what only access points have. Where it stands is worked out from its type.
 */
export function deriveDevice(device: Row, refs: Refs, before: Row | undefined): Record<string, unknown> {
  const { location, rack, role, device_type } = refs
  const isMoved = before === undefined || before['rack'] !== device['rack']
  const place = location?.id ?? (isMoved ? (rack?.['location'] ?? null) : null)
  const site = before === undefined ? (location?.['site'] ?? device['site']) : device['site']
  const isNoAccessPoint = role?.['access_point'] !== true
  const wasAccessPoint = before !== undefined && before['role'] !== device['role']
  const cleared =
    isNoAccessPoint && wasAccessPoint ? accessPointFields.map((name) => [name, unlessGiven(name)]) : []
  const platform =
    before === undefined
      ? (device['platform'] ?? device_type?.['default_platform'] ?? null)
      : device['platform']

  function unlessGiven(name: string): unknown {
    return device[name] === before?.[name] ? null : device[name]
  }
  return {
    site,
    platform,
    ...(place === null ? {} : { location: place }),
    ...Object.fromEntries(cleared),
    primary_ip: preferredAddress(device),
    rack_slots: slotsOf(device, device_type),
  }
}

/** Of a host that has both, the IPv6 address, as NetBox prefers it. */
export const preferredAddress = ({ primary_ip4, primary_ip6 }: Row): unknown =>
  primary_ip6 ?? primary_ip4 ?? null

/** Everything about a device that its own fields and what it refers to can tell. */
export function checkDevice(device: Row, refs: Refs): Issue[] {
  return [...placeIssues(device, refs), ...positionIssues(device, refs), ...otherIssues(device, refs)]
}

function placeIssues(device: Row, { location, rack, cluster }: Refs): Issue[] {
  const issues: Issue[] = []
  const complain = (path: string, message: string): void => {
    issues.push({ path, message })
  }
  if (location !== undefined && location['site'] !== device['site'])
    complain('location', 'The location is in another site.')
  if (rack !== undefined && rack['site'] !== device['site']) complain('rack', 'The rack is in another site.')
  const isElsewhere =
    rack !== undefined && rack['location'] !== null && rack['location'] !== device['location']
  if (isElsewhere && location !== undefined) complain('rack', 'The rack is in another location.')
  const clusterSite = cluster?.['site'] ?? null
  if (clusterSite !== null && clusterSite !== device['site'])
    complain('cluster', 'The cluster belongs to another site.')
  return issues
}

function positionIssues({ position, face }: Row, { rack, device_type }: Refs): Issue[] {
  if (rack === undefined) {
    return [
      ...(position === null ? [] : [{ path: 'position', message: 'A position needs a rack.' }]),
      ...(face === null ? [] : [{ path: 'face', message: 'A face needs a rack.' }]),
    ]
  }
  if (typeof position !== 'number') return []
  const height = Number(device_type?.['u_height'])
  if (height === 0)
    return [{ path: 'position', message: 'Devices of this type have a height of 0 and stand in no unit.' }]
  if (face === null) return [{ path: 'face', message: 'A position needs a face: front or rear.' }]
  if (!Number.isInteger(position * 2))
    return [{ path: 'position', message: 'Positions come in halves: 1, 1.5, 2 …' }]
  const lowest = Number(rack['starting_unit'])
  const highest = lowest + Number(rack['u_height'])
  if (position < lowest || position + height > highest) {
    const message = `${height} units from ${position} do not fit: the rack has units ${lowest} to ${highest - 1}.`
    return [{ path: 'position', message }]
  }
  return []
}

function otherIssues(device: Row, { role }: Refs): Issue[] {
  if (role?.['access_point'] === true) return []
  return accessPointFields
    .filter((name) => device[name] !== null)
    .map((name) => ({ path: name, message: 'Only a device whose role is an access point has this.' }))
}
