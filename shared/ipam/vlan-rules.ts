import * as z from 'zod'
import type { Issue } from '../errors.ts'
import type { GuardOf, Refs, Row, Written } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import type { ObjectRef } from '../model/fields.ts'
import type { Item } from '../table/table.ts'
import type { Span } from './addresses.ts'
import { freeBlocks, occupantItem } from './number-space.ts'
import { countOf, joinSpans } from './spans.ts'

export const vidMin = 1
export const vidMax = 4094

const Vid = z.int().min(vidMin).max(vidMax)
/** `[[1, 99], [200, 299]]`: first and last VLAN id of each part, both in it. */
export const VidRanges = z
  .array(z.tuple([Vid, Vid]).refine(([first, last]) => first <= last, 'The first id is above the last.'))
  .min(1)
  .max(50)
  .refine((ranges) => {
    const sorted = ranges.toSorted(([a], [b]) => a - b)
    return sorted.every(([first], index) => first > (sorted[index - 1]?.[1] ?? 0))
  }, 'The ranges overlap.')

const rangesOf = (group: Row): readonly (readonly [number, number])[] =>
  group['vid_ranges'] as [number, number][]

/** What a group may give out. */
export const vidSpans = (group: Row): Span[] =>
  joinSpans(rangesOf(group).map(([first, last]) => ({ first: BigInt(first), last: BigInt(last) })))

/** `min_vid` and `max_vid` are NetBox's before 4.1: given, they are one range; shown, they are the ends of all. */
export function deriveGroup(row: Row, _refs: Refs, before: Row | undefined) {
  const hasChanged = (name: string, initial: unknown): boolean =>
    before === undefined ? row[name] !== initial : row[name] !== before[name]
  const isByEnds = hasChanged('min_vid', vidMin) || hasChanged('max_vid', vidMax)
  const givenRanges = JSON.stringify(row['vid_ranges'])
  const hasRanges = givenRanges !== JSON.stringify(before?.['vid_ranges'] ?? [[vidMin, vidMax]])
  const ranges =
    isByEnds && !hasRanges ? [[Number(row['min_vid']), Number(row['max_vid'])] as const] : rangesOf(row)
  const sorted = ranges.toSorted(([a], [b]) => a - b)
  return {
    vid_ranges: sorted,
    min_vid: hasRanges || !isByEnds ? sorted[0]?.[0] : row['min_vid'],
    max_vid: hasRanges || !isByEnds ? sorted.at(-1)?.[1] : row['max_vid'],
    total_vlan_ids: Number(
      countOf(joinSpans(sorted.map(([a, b]) => ({ first: BigInt(a), last: BigInt(b) })))),
    ),
  }
}

export const checkGroup = ({ min_vid: min, max_vid: max }: Row): Issue[] =>
  Number(min) > Number(max) ? [{ path: 'max_vid', message: 'It is below min_vid.' }] : []

const scopeName = (scope: unknown): string => {
  const { type, id } = (scope ?? { type: 'none', id: 0 }) as ObjectRef
  return `${type}#${id}`
}

/** Names and slugs of groups are unique within what they are for. */
export const groupGuards = ({ scope, name, slug }: Row): GuardOf[] =>
  [
    { field: 'name', value: String(name).toLowerCase() },
    { field: 'slug', value: String(slug) },
  ].map(({ field, value }) => ({
    name: `scope,${field}`,
    values: [scopeName(scope), value],
    field,
    message: `A VLAN group with this ${field} already exists here.`,
  }))

export const vlanSpace = (group: number): string => `vlan-group#${group}`

export const vlanItems = ({ id, group, vid }: Row): Item[] =>
  typeof group === 'number' ? [occupantItem(vlanSpace(group), BigInt(Number(vid)), id)] : []

export function checkVlan({ vid, site }: Row, { group }: Refs): Issue[] {
  if (group === undefined) return []
  const issues: Issue[] = []
  const ranges = rangesOf(group)
  if (!ranges.some(([first, last]) => first <= Number(vid) && Number(vid) <= last)) {
    const words = ranges.map(([first, last]) => `${first}-${last}`).join(', ')
    issues.push({ path: 'vid', message: `VLAN ids of the group ${String(group['name'])} are ${words}.` })
  }
  const scope = group['scope'] as ObjectRef | null
  if (scope?.type === 'dcim.site' && site !== null && scope.id !== site)
    issues.push({ path: 'group', message: `The group ${String(group['name'])} is for another site.` })
  return issues
}

const isMoved = ({ before, after }: Written): boolean =>
  before?.['group'] !== after?.['group'] || before?.['vid'] !== after?.['vid']

export const freeVlans = ({ table }: Pick<Engine, 'table'>, written: readonly Written[]): Promise<void> =>
  freeBlocks(
    { table },
    written.flatMap((one) => {
      const { before } = one
      if (before === undefined || typeof before['group'] !== 'number' || !isMoved(one)) return []
      return [{ space: vlanSpace(before['group']), number: BigInt(Number(before['vid'])) }]
    }),
  )
