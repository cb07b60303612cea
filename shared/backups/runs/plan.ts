import { accessOf, type AccessRules } from '../access/access.ts'
import { configPath } from '../../git/config-path.ts'
import { rateOn, type CredentialRates } from '../credentials/credential-uses.ts'
import { chooseNoise, type NoiseRule } from '../versions/noise-rules.ts'
import type { BackupState } from '../records.ts'
import type { BackupTarget, WorkItem } from './work.ts'

/** The inventory as the plan sees it: one row per device, references as ids. */
export type PlannedDevice = {
  id: number
  name: string
  status: string
  address: string
  port: number
  deviceType: string
  platformId: number | undefined
  site: { id: number; slug: string }
  tagIds: readonly number[]
}

/** What a target looks at. */
export type TargetedDevice = Pick<PlannedDevice, 'id' | 'status' | 'platformId' | 'tagIds'> & {
  site: { id: number }
}

export type PlannedCredential = {
  id: number
  priority: number
  tagIds: readonly number[]
  rates?: CredentialRates
  /** Where a rotation is open. */
  formerUntil?: string
  secretVersion?: number
}

export type Plan = {
  /** Grouped by site and platform, so that the members of a batch answer alike. */
  first: WorkItem[]
  /** Devices last seen down: they would make every batch wait for a connect timeout. */
  lastSeenDown: WorkItem[]
}

/** A device in one of these states is not expected to answer. */
const backedUpStatus = 'active'
const downCategories: ReadonlySet<string> = new Set(['unreachable', 'refused'])
/** Who refused the login last time comes last: a username's failed logins are few, and the others need it. */
const refusedCategories: ReadonlySet<string> = new Set(['auth', 'account_locked'])

/**
 * Who is to be backed up, in which order, with which credentials.
 * @param states by device id; devices never backed up have none.
 */
export function planWork(
  inventory: {
    devices: readonly PlannedDevice[]
    credentials: readonly PlannedCredential[]
    access?: AccessRules
    noise?: readonly NoiseRule[]
    /** Which maintenance windows are about a device. */
    windowsOf?: (device: PlannedDevice) => readonly { id: number }[]
  },
  target: BackupTarget,
  states: ReadonlyMap<number, BackupState>,
): Plan {
  const paths = configPaths(inventory.devices)
  const plan: Plan = { first: [], lastSeenDown: [] }
  const isRefused = ({ id }: PlannedDevice): boolean =>
    refusedCategories.has(states.get(id)?.lastFailure ?? '')
  const chosen = inventory.devices
    .filter(targetTest(target))
    .toSorted((a, b) => Number(isRefused(a)) - Number(isRefused(b)) || bySiteAndPlatform(a, b))
  for (const device of chosen) {
    const state = states.get(device.id)
    const access = inventory.access && accessOf(device, inventory.access)
    const windows = inventory.windowsOf?.(device).map(({ id }) => id) ?? []
    const noise = chooseNoise(device, inventory.noise ?? [])
    const item: WorkItem = {
      deviceId: device.id,
      name: device.name,
      host: device.address,
      port: device.port,
      deviceType: device.deviceType,
      path: paths.get(device.id) ?? configPath(device.site.slug, device.name, device.id),
      credentialIds: credentialsFor(device, inventory.credentials, state?.credentialId),
      ...(noise === undefined ? {} : { noise }),
      ...(access === undefined ? {} : { access }),
      ...(windows.length === 0 ? {} : { windows }),
    }
    const isDown = state?.lastFailure !== undefined && downCategories.has(state.lastFailure)
    const list = isDown ? plan.lastSeenDown : plan.first
    list.push(item)
  }
  return plan
}

/** Whom a target means. The test is made once for a list of devices: a target may name ten thousand. */
export function targetTest(target: BackupTarget): (device: TargetedDevice) => boolean {
  const [devices, sites, tags, platforms] = [target.devices, target.sites, target.tags, target.platforms].map(
    (ids) => (ids === undefined ? undefined : new Set(ids)),
  )
  return ({ id, status, site, tagIds, platformId }) =>
    status === backedUpStatus &&
    (devices === undefined || devices.has(id)) &&
    (sites === undefined || sites.has(site.id)) &&
    (tags === undefined || tagIds.some((tag) => tags.has(tag))) &&
    (platforms === undefined || (platformId !== undefined && platforms.has(platformId)))
}

/**
 * Credentials that apply to a device, in the order they are tried: the one that worked last, then by priority, then by
 * how often each is accepted on devices of its type.
 * A credential without tags applies to every device, another one to devices that share a tag with it.
 */
export function credentialsFor(
  device: Pick<PlannedDevice, 'tagIds' | 'deviceType'>,
  credentials: readonly PlannedCredential[],
  lastAccepted: number | undefined,
): number[] {
  const rate = ({ rates }: PlannedCredential): number => rateOn(rates, device.deviceType)
  const ids = credentials
    .filter(({ tagIds }) => tagIds.length === 0 || tagIds.some((tag) => device.tagIds.includes(tag)))
    .toSorted((a, b) => a.priority - b.priority || rate(b) - rate(a) || a.id - b.id)
    .map(({ id }) => id)
  if (lastAccepted === undefined || !ids.includes(lastAccepted)) return ids
  return [lastAccepted, ...ids.filter((id) => id !== lastAccepted)]
}

/**
 * Where each device's configuration stands in the repository. Two names that make the same path are told apart by
 * the id, and the older device keeps the plain path, so that a new device never moves an old one's history.
 */
export function configPaths(devices: readonly PlannedDevice[]): Map<number, string> {
  const paths = new Map<number, string>()
  const taken = new Set<string>()
  for (const device of devices.toSorted((a, b) => a.id - b.id)) {
    const plain = configPath(device.site.slug, device.name)
    // Compared without case: on macOS and Windows a clone could hold only one of the two files.
    const isTaken = taken.has(plain.toLowerCase())
    const path = isTaken ? configPath(device.site.slug, device.name, device.id) : plain
    taken.add(path.toLowerCase())
    paths.set(device.id, path)
  }
  return paths
}

function bySiteAndPlatform(a: PlannedDevice, b: PlannedDevice): number {
  return a.site.id - b.site.id || a.deviceType.localeCompare(b.deviceType) || a.id - b.id
}
