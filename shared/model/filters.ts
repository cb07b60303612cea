import type { Catalogs } from '../catalog/catalog.ts'
import { idColumn, type Column } from '../catalog/view.ts'
import type { Issue } from '../errors.ts'
import { countColumns } from './counts.ts'
import { customColumn, customFilters } from './custom-filters.ts'
import type { Model } from './define.ts'
import { filtersOfField } from './field-filters.ts'
import { compileFilter, type Filter, type Groups, type Test } from './filter-tests.ts'
import { parseBoolean, parseInteger, parseTime, type Parsed } from './filter-values.ts'
import { hookFilters } from './hook-filters.ts'
import { lookupsOf, patternProblem, type FilterKind, type Lookup } from './lookups.ts'
import { noSuch } from './nearest.ts'
import { visibleFields } from './output.ts'
import { ancestorFilters, type FilterSources } from './reference-filters.ts'
import type { Registry } from './registry.ts'

/** More values than this in one query are refused: a URL holds no more. */
const valuesMax = 1000

type Sources = { registry: Registry; catalogs: Catalogs }

const kept = new WeakMap<Catalogs, WeakMap<Model, Map<string, Filter>>>()

/** Every filter of a model, by its name without a lookup; those of its custom fields where it is bound to them. */
export function filtersOf(model: Model, sources: Sources): Map<string, Filter> {
  const byModel = kept.get(sources.catalogs) ?? new WeakMap<Model, Map<string, Filter>>()
  kept.set(sources.catalogs, byModel)
  const known = byModel.get(model)
  if (known !== undefined) return known
  const filters = new Map<string, Filter>()
  byModel.set(model, filters)
  const all: FilterSources = { ...sources, filtersOf: (other) => filtersOf(other, sources) }
  const add = (made: readonly Filter[]): void => {
    for (const filter of made) filters.set(filter.name, filter)
  }
  add(ownFilters)
  for (const [name, field] of visibleFields(model)) add(filtersOfField(name, field, model, all))
  if (model.hierarchy === true) add(ancestorFilters(model, all))
  add(countColumns(model, sources).map(({ column, needs }) => countFilter(column, needs)))
  // A hook may replace what a field says, and may ask another model whose filters ask this one.
  for (const [name, hook] of Object.entries(model.filters ?? {})) add(hookFilters(name, hook, model, all))
  for (const one of model.customFields ?? [])
    add(customFilters(one, filtersOfField(customColumn(one.name), one.field, model, all)))
  return filters
}

const ownFilters: readonly Filter[] = [
  {
    name: 'id',
    kind: 'number',
    column: { name: idColumn, read: (row) => row.id },
    parse: parseInteger,
    needs: [],
  },
  {
    name: 'created',
    kind: 'time',
    column: { name: 'created', read: (row) => row.created },
    parse: parseTime,
    needs: [],
  },
  {
    name: 'last_updated',
    kind: 'time',
    column: { name: 'last_updated', read: (row) => row.last_updated },
    parse: parseTime,
    needs: [],
  },
]

const countFilter = (column: Column<number>, needs: readonly string[]): Filter => ({
  name: column.name,
  kind: 'number',
  // An index of counts would have to follow other rows: the comparison of all rows is as fast.
  compile: (lookup, groups) => {
    const { holds } = compileFilter(
      { name: column.name, kind: 'number', column, parse: parseInteger, needs },
      lookup,
      groups,
    )
    return { holds }
  },
  column,
  parse: parseInteger,
  needs,
})

/** The lookups that a filter has beside its bare name. */
export const lookupsOfFilter = ({ kind, hasLookups }: Filter): readonly Lookup[] =>
  hasLookups === false ? [] : lookupsOf[kind]

/** A parameter of a query taken apart: which filter, which lookup. */
export type Asked = { filter: Filter; lookup: Lookup; texts: readonly string[]; name: string }

/** Which filter a parameter means, or a complaint that names the nearest. */
export function readName(
  name: string,
  filters: ReadonlyMap<string, Filter>,
  reserved: readonly string[],
): { filter: Filter; lookup: Lookup } | Issue {
  const whole = filters.get(name)
  if (whole !== undefined) return { filter: whole, lookup: whole.isLoose === true ? 'ic' : 'exact' }
  const at = name.lastIndexOf('__')
  const filter = at < 0 ? undefined : filters.get(name.slice(0, at))
  if (filter === undefined) {
    return { path: name, message: noSuch('filter', name, [...filters.keys(), ...reserved]) }
  }
  const lookups = lookupsOfFilter(filter)
  const lookup = lookups.find((one) => one === name.slice(at + 2))
  if (lookup !== undefined) return { filter, lookup }
  const there = lookups.length === 0 ? 'none' : lookups.map((one) => `__${one}`).join(', ')
  return { path: name, message: `"${filter.name}" has no lookup "${name.slice(at)}"; there is ${there}.` }
}

/** Reads the values of a parameter, once the rows that its filter needs are at hand. */
export function testOfParameter({ filter, lookup, texts, name }: Asked): Test | Issue {
  if (texts.length > valuesMax) return { path: name, message: `At most ${valuesMax} values.` }
  const groups: (readonly unknown[])[] = []
  for (const text of texts) {
    const parsed = parseFor(filter, lookup, text)
    if ('problem' in parsed) return { path: name, message: `${sentence(parsed.problem)}.` }
    groups.push('value' in parsed ? [parsed.value] : parsed.values)
  }
  return compileFilter(filter, lookup, groups satisfies Groups)
}

const sentence = (text: string): string => text.replace(/[.?]$/, '')

/** What is compared in parts need not be a whole value. */
const partKinds: ReadonlySet<FilterKind> = new Set(['choice', 'address', 'mac'])

function parseFor(filter: Filter, lookup: Lookup, text: string): Parsed {
  if (lookup === 'empty') return parseBoolean(text)
  if (lookup === 'regex' || lookup === 'iregex') {
    const problem = patternProblem(text)
    return problem === undefined ? { value: text } : { problem }
  }
  const isPart = partKinds.has(filter.kind) && lookup !== 'exact' && lookup !== 'n'
  return isPart ? { value: text } : filter.parse(text)
}
