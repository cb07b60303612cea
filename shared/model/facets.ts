import type { Catalogs } from '../catalog/catalog.ts'
import type { View } from '../catalog/view.ts'
import type { Issue } from '../errors.ts'
import type { Filter } from './filter-tests.ts'
import type { FilterKind } from './lookups.ts'
import { noSuch } from './nearest.ts'
import type { Registry } from './registry.ts'
import { displayOf } from './rows.ts'

/** How often a value occurs among the rows that the filters match. A reference has the id, a choice its value. */
type FacetValue =
  | { id: number | null; display: string | null; count: number }
  | { value: unknown; label: string; count: number }
export type Facets = Record<string, FacetValue[]>
type Asked = { name: string; filter: Filter }

/** Facets of one request, and values of one facet: the most frequent ones. */
const facetsMax = 10
export const facetValuesMax = 100

const facetKinds: ReadonlySet<FilterKind> = new Set(['choice', 'bool', 'reference', 'set', 'list'])

/** What can be counted by: filters that have few values. `site`, not `site_id`, where there are both. */
function facetsOf(filters: ReadonlyMap<string, Filter>): Map<string, Filter> {
  const named = [...filters].flatMap(([name, filter]): [string, Filter][] => {
    if (!facetKinds.has(filter.kind)) return []
    const short = name.replace(/_id$/, '')
    return filter.to !== undefined && short !== name && filters.has(short) ? [] : [[name, filter]]
  })
  return new Map(named)
}

/** Reads `facets=status,site`. */
export function readFacets(
  texts: readonly string[],
  filters: ReadonlyMap<string, Filter>,
): { facets: Asked[]; issues: Issue[] } {
  const names = [...new Set(texts.flatMap((text) => text.split(',')).filter((name) => name !== ''))]
  const known = facetsOf(filters)
  const facets: Asked[] = []
  const issues: Issue[] = []
  for (const name of names) {
    const filter = known.get(name)
    if (filter === undefined) issues.push({ path: 'facets', message: noSuch('facet', name, known.keys()) })
    else facets.push({ name, filter })
  }
  if (names.length > facetsMax) issues.push({ path: 'facets', message: `At most ${facetsMax} facets.` })
  return { facets, issues }
}

/** The models whose rows must be at hand to count and to name the values. */
export const facetNeeds = (facets: readonly Asked[]): string[] =>
  facets.flatMap(({ filter }) => [...filter.needs, ...(filter.to === undefined ? [] : [filter.to])])

/** Counts the values, the most frequent first. `truncated` names the facets that have more than are told. */
export function countFacets(
  sources: { registry: Registry; catalogs: Catalogs },
  facets: readonly Asked[],
  { view, slots }: { view: View; slots: Iterable<number> },
): { facets: Facets; truncated: string[] } {
  const counts = facets.map(() => new Map<unknown, number>())
  for (const slot of slots) {
    const row = view.slots[slot]
    if (row === undefined) continue
    for (const [index, { filter }] of facets.entries()) {
      const count = counts[index]
      const value = filter.column.read(row) ?? null
      for (const member of Array.isArray(value) ? value : [value]) {
        count?.set(member, (count.get(member) ?? 0) + 1)
      }
    }
  }
  const found = facets.map(({ name, filter }, index) => {
    const values = [...(counts[index] ?? [])].map(([value, count]) => labelled(sources, filter, value, count))
    return [name, values.sort((a, b) => b.count - a.count || (labelOf(a) < labelOf(b) ? -1 : 1))] as const
  })
  return {
    facets: Object.fromEntries(found.map(([name, values]) => [name, values.slice(0, facetValuesMax)])),
    truncated: found.filter(([, values]) => values.length > facetValuesMax).map(([name]) => name),
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

const labelOf = (value: FacetValue): string => ('label' in value ? value.label : (value.display ?? ''))

function labelled(
  { registry, catalogs }: { registry: Registry; catalogs: Catalogs },
  { to, choices }: Filter,
  value: unknown,
  count: number,
): FacetValue {
  if (to === undefined) {
    const text = textOf(value)
    return { value, label: choices?.[text] ?? text, count }
  }
  const target = registry.get(to)
  const row = catalogs.of(target).rows.get(value as number)
  return { id: row?.id ?? null, display: row === undefined ? null : displayOf(target, row), count }
}
