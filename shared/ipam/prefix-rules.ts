import type { Issue } from '../errors.ts'
import type { GuardOf, Refs, Row, RuleDraft, Written } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import type { Item, Write } from '../table/table.ts'
import { sortKeyOf } from './addresses.ts'
import { freeCovered } from './covered.ts'
import { familyOf, storedAddress, vrfName, vrfWords } from './families.ts'
import { networkItem, networksAtAll, prefixSpace, type PlacedNetwork } from './prefix-tree.ts'
import { stillAllowsDuplicates, wantsUnique } from './unique-policy.ts'

/** `alone` says whether the row holds the guard of its network. */
export const derivePrefix = (row: Row, { vrf }: Refs) => ({
  family: familyOf(row['prefix']),
  alone: wantsUnique(vrf),
})

export const prefixItems = (row: Row): Item[] => [
  networkItem(prefixSpace(row['vrf']), storedAddress(row['prefix']), row.id),
]

export const prefixGuards = (row: Row): GuardOf[] =>
  row['alone'] === true
    ? [
        {
          name: 'vrf,network',
          values: [vrfName(row['vrf']), sortKeyOf(storedAddress(row['prefix']))],
          field: 'prefix',
          message: `There is a prefix ${String(row['prefix'])} in this VRF already.`,
        },
      ]
    : []

const isMoved = ({ before, after }: Written): boolean =>
  before?.['prefix'] !== after?.['prefix'] || before?.['vrf'] !== after?.['vrf']

/** Rows that were written while the VRF allowed duplicates hold no guard: they are looked for. */
export async function duplicatePrefixes(
  { table, now }: Pick<Engine, 'table' | 'now'>,
  drafts: readonly RuleDraft[],
): Promise<Issue[][]> {
  const at = now().getTime()
  const asking = drafts.filter((draft) => isMoved(draft) && wantsUnique(draft.refs['vrf']))
  const bySpace = Map.groupBy(asking, ({ after }) => prefixSpace(after['vrf']))
  const found = new Map<RuleDraft, PlacedNetwork[]>()
  await Promise.all(
    [...bySpace].map(async ([space, group]) => {
      const networks = group.map(({ after }) => storedAddress(after['prefix']))
      const there = await networksAtAll(table, space, networks)
      for (const [index, draft] of group.entries())
        found.set(draft, there.get(networks[index]?.text ?? '') ?? [])
    }),
  )
  return drafts.map((draft) => {
    const { after, refs } = draft
    const others = (found.get(draft) ?? []).filter(
      ({ id, until, sk }) => id !== after.id && !sk.endsWith('~') && (until === undefined || until > at),
    )
    const message = `Duplicate prefix found in ${vrfWords(refs['vrf'])}: ${String(after['prefix'])}`
    return others.length === 0 ? [] : [{ path: 'prefix', message }]
  })
}

export async function prefixFences(
  { random }: Pick<Engine, 'random'>,
  drafts: readonly RuleDraft[],
): Promise<{ issues: Issue[]; writes: Write[] }[]> {
  return drafts.map(({ after }) => {
    const { vrf, alone } = after
    const writes = typeof vrf === 'number' && alone !== true ? [stillAllowsDuplicates(vrf, random)] : []
    return { issues: [], writes }
  })
}

/** Networks that were given back are found again. */
export async function freePrefixes(
  { table }: Pick<Engine, 'table'>,
  written: readonly Written[],
): Promise<void> {
  const left = written.flatMap((one) => (one.before !== undefined && isMoved(one) ? [one.before] : []))
  await freeCovered(
    table,
    left.map((row) => ({ space: prefixSpace(row['vrf']), network: storedAddress(row['prefix']) })),
  )
}
