import type { Issue } from '../errors.ts'
import type { GuardOf, Refs, Row, RuleDraft, Written } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { storedSchema } from '../model/rows.ts'
import { keys } from '../table/keys.ts'
import type { Item, Write } from '../table/table.ts'
import { bitsOf, networkOf, sizeOf, type Address } from './addresses.ts'
import { familyOf, hostOf, storedAddress, vrfName, vrfWords } from './families.ts'
import { freeBlocks, numberKey, occupantItem, occupantsOfAll } from './number-space.ts'
import { isSharedRole } from './statuses.ts'
import { stillAllowsDuplicates, wantsUnique } from './unique-policy.ts'

export const addressSpace = (vrf: unknown, family: Address['family']): string =>
  `address#${vrfName(vrf)}#${family}`

/** `alone` says whether the row holds the guard of its host. */
export const deriveAddress = (row: Row, { vrf }: Refs) => ({
  family: familyOf(row['address']),
  alone: wantsUnique(vrf) && !isSharedRole(row['role']),
})

const placeOf = (row: Row): { space: string; number: bigint } => {
  const { family, value } = storedAddress(row['address'])
  return { space: addressSpace(row['vrf'], family), number: value }
}

const sharedKey = ({ space, number }: { space: string; number: bigint }) =>
  keys.sharedAddress(space, numberKey(number))

export function addressItems(row: Row): Item[] {
  const place = placeOf(row)
  const occupant = occupantItem(place.space, place.number, row.id)
  return isSharedRole(row['role']) ? [occupant, sharedKey(place)] : [occupant]
}

const guardName = 'space,host'

export function addressGuards(row: Row): GuardOf[] {
  if (row['alone'] !== true) return []
  const { space, number } = placeOf(row)
  const message = `There is an address ${hostOf(storedAddress(row['address']))} in this VRF already.`
  return [{ name: guardName, values: [space, numberKey(number)], field: 'address', message }]
}

export function checkAddress(row: Row): Issue[] {
  const address = storedAddress(row['address'])
  const issues: Issue[] = []
  if (address.length === 0) issues.push({ path: 'address', message: 'An address cannot have the mask /0.' })
  if (row['status'] === 'slaac' && address.family === 4)
    issues.push({ path: 'status', message: 'Only IPv6 addresses can have the status SLAAC.' })
  if (row['nat_inside'] === row.id)
    issues.push({ path: 'nat_inside', message: 'An address is not translated to itself.' })
  const problem = row['assigned_object'] === null ? undefined : endProblem(address)
  if (problem !== undefined) issues.push({ path: 'address', message: problem })
  return issues
}

/** The ends of a network are no addresses of an interface, where the network has more than two. */
function endProblem(address: Address): string | undefined {
  const { family, length, value } = address
  if (length >= bitsOf(family) - 1) return undefined
  const { value: first } = networkOf(address)
  if (value === first)
    return `${hostOf(address)} is the network itself: it may not be assigned to an interface.`
  const isBroadcast = family === 4 && value === first + sizeOf(family, length) - 1n
  return isBroadcast
    ? `${hostOf(address)} is a broadcast address: it may not be assigned to an interface.`
    : undefined
}

const isMoved = ({ before, after }: Written): boolean =>
  before?.['address'] !== after?.['address'] ||
  before?.['vrf'] !== after?.['vrf'] ||
  isSharedRole(before?.['role']) !== isSharedRole(after?.['role'])

/**
 * Two addresses of a VRF that wants unique ones are the same host only where both have a role that is shared. Rows
 * that were written while the VRF allowed duplicates hold no guard: all are looked for.
 */
export async function duplicateAddresses(
  tools: Pick<Engine, 'table' | 'registry' | 'now'>,
  drafts: readonly RuleDraft[],
): Promise<Issue[][]> {
  const asking = drafts.filter((draft) => isMoved(draft) && wantsUnique(draft.refs['vrf']))
  const found = await occupantsOfAll(
    tools,
    asking.map(({ after }) => placeOf(after)),
  )
  const occupants = new Map(asking.map((draft, index) => [draft, found[index] ?? []]))
  return Promise.all(
    drafts.map(async (draft) => {
      const { after, refs } = draft
      const others = (occupants.get(draft) ?? []).filter((id) => id !== after.id)
      if (others.length === 0) return []
      const exclusive = isSharedRole(after['role']) ? await exclusiveOf(tools, others) : others
      const message = `Duplicate IP address found in ${vrfWords(refs['vrf'])}: ${hostOf(storedAddress(after['address']))}`
      return exclusive.length === 0 ? [] : [{ path: 'address', message }]
    }),
  )
}

/** A hold has no row: it wants the address alone. */
async function exclusiveOf(
  { table, registry }: Pick<Engine, 'table' | 'registry'>,
  ids: readonly number[],
): Promise<number[]> {
  const schema = storedSchema(registry.get('ipam.ipaddress'))
  const rows = await table.getMany(
    schema,
    ids.map((id) => keys.entity('ipam.ipaddress', id)),
  )
  return ids.filter((_, index) => !isSharedRole(rows[index]?.['role']))
}

/** What two writers of one host, who do not see each other yet, would do to each other. */
export async function addressFences(
  { random }: Pick<Engine, 'random'>,
  drafts: readonly RuleDraft[],
): Promise<{ issues: Issue[]; writes: Write[] }[]> {
  return drafts.map((draft) => ({
    issues: [],
    writes: isMoved(draft) || draft.before?.['alone'] !== draft.after['alone'] ? fencesOf(draft, random) : [],
  }))
}

function fencesOf({ after, refs }: RuleDraft, random: () => number): Write[] {
  const { vrf } = after
  if (typeof vrf === 'number' && !wantsUnique(refs['vrf'])) return [stillAllowsDuplicates(vrf, random)]
  const place = placeOf(after)
  if (after['alone'] === true) return [{ check: sharedKey(place), isAbsent: 'duplicate' }]
  const guard = keys.unique('ipam.ipaddress', [guardName], [place.space, numberKey(place.number)])
  return [{ check: guard, isAbsent: 'duplicate' }]
}

/** Blocks whose addresses were given back are looked through again. */
export const freeAddresses = ({ table }: Pick<Engine, 'table'>, written: readonly Written[]): Promise<void> =>
  freeBlocks(
    { table },
    written.flatMap((one) => (one.before !== undefined && isMoved(one) ? [placeOf(one.before)] : [])),
  )
