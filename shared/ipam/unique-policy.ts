import type { Row } from '../model/define.ts'
import { keys } from '../table/keys.ts'
import type { Item, Write } from '../table/table.ts'

/** Over how many items the policy of a VRF is spread, so that the writers of its addresses do not meet. */
const policyShards = 16

/** They exist while the VRF wants its prefixes and addresses unique. */
export const policyItems = (vrf: Row): Item[] =>
  vrf['enforce_unique'] === true
    ? Array.from({ length: policyShards }, (_, shard) => keys.uniquePolicy(vrf.id, shard))
    : []

/**
 * For the transaction of a row that takes no guard because its VRF allows duplicates: it fails where the VRF has come
 * to want unique ones meanwhile, and the row is looked at again.
 */
export const stillAllowsDuplicates = (vrfId: number, random: () => number): Write => ({
  check: keys.uniquePolicy(vrfId, Math.floor(random() * policyShards)),
  isAbsent: 'version_conflict',
})

/** The global table wants unique addresses: NetBox's ENFORCE_GLOBAL_UNIQUE, on by default since 4.0. */
export const wantsUnique = (vrf: Row | undefined): boolean =>
  vrf === undefined || vrf['enforce_unique'] === true
