import type { Catalogs } from '../catalog/catalog.ts'
import { idColumn, slotsWith, viewOf, type Column } from '../catalog/view.ts'
import type { Model, Row } from './define.ts'
import { descendants } from './descendants.ts'
import type { Field, ObjectRef } from './fields.ts'
import { readPath, type Step } from './filter-hooks.ts'
import { compileFilter, findSlots, type Filter, type Groups, type Test } from './filter-tests.ts'
import { parseId, type Parsed } from './filter-values.ts'
import { negations, testOf, type Lookup } from './lookups.ts'
import type { Registry } from './registry.ts'

export type FilterSources = {
  registry: Registry
  catalogs: Catalogs
  /** The filters of another model: they are asked through references. */
  filtersOf: (model: Model) => ReadonlyMap<string, Filter>
}

/** The attributes that name an object in a query where it has no slug: any of them. */
const nameFields = ['name', 'rd', 'username', 'cid', 'asn', 'prefix', 'address', 'model'] as const

const namesOf = ({ fields }: Model): readonly string[] =>
  Object.hasOwn(fields, 'slug') ? ['slug'] : nameFields.filter((name) => Object.hasOwn(fields, name))

/** `site` by slug (or by what names the object) and `site_id` by id, as in NetBox. */
export function referenceFilters(
  base: string,
  { column, to, isSet, isDirect }: { column: Column; to: Model; isSet?: boolean; isDirect?: boolean },
  { catalogs }: Pick<FilterSources, 'catalogs'>,
): Filter[] {
  const kind = isSet === true ? 'set' : 'reference'
  const tree = isDirect === true || to.hierarchy !== true ? undefined : to.tree
  const withDescendants = (parsed: Parsed): Parsed =>
    tree === undefined || !('value' in parsed || 'values' in parsed)
      ? parsed
      : { values: valuesOf(parsed).flatMap((id) => [id, ...descendants(catalogs, to, id)]) }
  const byId: Filter = {
    name: `${base}_id`,
    kind,
    column,
    parse: (text) => withDescendants(parseId(text)),
    needs: tree === undefined ? [] : [to.name],
    to: to.name,
    type: 'integer',
  }
  const names = namesOf(to)
  if (names.length === 0) return [byId]
  const parse = (text: string): Parsed => withDescendants(idsByName(catalogs, to, names, text))
  return [byId, { name: base, kind, column, parse, needs: [to.name], to: to.name, type: 'string' }]
}

const valuesOf = (parsed: Exclude<Parsed, { problem: string }>): readonly unknown[] =>
  'value' in parsed ? [parsed.value] : parsed.values

/** The ids of all rows of this name: a slug is unique, the name of a device is not. */
function idsByName(catalogs: Catalogs, to: Model, names: readonly string[], text: string): Parsed {
  if (text === 'null') return { value: null }
  const view = viewOf(catalogs.of(to))
  const ids = names.flatMap((name) => {
    const value = to.fields[name]?.kind === 'int' ? Number(text) : text
    const column: Column = { name, read: (row) => row[name] }
    return [...slotsWith(view, column, value)].map((slot) => view.slots[slot]?.id)
  })
  if (ids.length > 0) return { values: ids }
  const key = names.join(' or ')
  return { problem: `there is no ${to.label.toLowerCase()} with the ${key} "${text.slice(0, 100)}"` }
}

/** `ancestor` and `ancestor_id` of a tree: everything below the given objects. */
export function ancestorFilters(model: Model, { catalogs }: FilterSources): Filter[] {
  const column: Column = { name: idColumn, read: (row) => row.id }
  return referenceFilters('ancestor', { column, to: model, isDirect: true }, { catalogs }).map((filter) => ({
    ...filter,
    needs: [model.name],
    parse: (text) => {
      const parsed = filter.parse(text)
      if ('problem' in parsed) return parsed
      return { values: valuesOf(parsed).flatMap((id) => descendants(catalogs, model, id)) }
    },
  }))
}

/** The id that a step of a path leads to, as a column of the row; of a list of references the ids. */
export function stepColumn(model: Model, { field, model: of }: Step): { column: Column; to: string } {
  const shape: Field | undefined = model.fields[field]
  if (shape?.kind === 'ref' || shape?.kind === 'refs')
    return { column: { name: field, read: (row) => row[field] ?? null }, to: shape.to }
  if (shape?.kind === 'object' && of !== undefined) {
    const read = (row: Row): unknown => {
      const value = row[field] as ObjectRef | null | undefined
      return value?.type === of ? value.id : null
    }
    return { column: { name: `${field}[${of}]`, read }, to: of }
  }
  throw new Error(`${model.name} has no reference ${field} that a filter could go through`)
}

/** The filters of a model that the references of a path lead to, as filters of this one. */
export function throughFilters(name: string, path: string, model: Model, sources: FilterSources): Filter[] {
  const { steps, last } = readPath(model, path)
  const [first, ...rest] = steps
  if (first === undefined) {
    const { column, to } = stepColumn(model, last)
    return referenceFilters(name, { column, to: sources.registry.get(to) }, sources)
  }
  const { column, to } = stepColumn(model, first)
  const far = sources.registry.get(to)
  const bracket = last.model === undefined ? '' : `[${last.model}]`
  const inner =
    rest.length > 0 || bracket !== ''
      ? throughFilters(last.field, [...rest.map(stepText), `${last.field}${bracket}`].join('.'), far, sources)
      : [`${last.field}_id`, last.field].flatMap((one) => sources.filtersOf(far).get(one) ?? [])
  if (inner.length === 0) throw new Error(`${far.name} has no filter ${last.field} (${model.name}.${name})`)
  const farRow = (row: Row): Row | undefined => sources.catalogs.of(far).rows.get(column.read(row) as number)
  return inner.map((filter) => ({
    ...filter,
    column: { name: `${name} through ${path}`, read: (row) => readFar(filter.column.read, farRow(row)) },
    name: filter.name === `${last.field}_id` ? `${name}_id` : name,
    needs: [...new Set([far.name, ...filter.needs])],
    compile: (lookup, groups) => throughTest({ column, far, filter }, sources, lookup, groups),
  }))
}

const readFar = (read: Column['read'], row: Row | undefined): unknown =>
  row === undefined ? null : read(row)

const stepText = ({ field, model }: Step): string => (model === undefined ? field : `${field}[${model}]`)

type Hop = { column: Column; far: Model; filter: Filter }

/** The far rows that match are found first: they are few, and the near ones are looked up by their ids. */
function throughTest(
  { column, far, filter }: Hop,
  sources: FilterSources,
  lookup: Lookup,
  groups: Groups,
): Test {
  const positive = negations[lookup] ?? lookup
  const test = compileFilter(filter, positive, groups)
  const ids = matchingIds(far, sources, test)
  // Without an object in between there is nothing to compare.
  const matchesNothing = testOf(positive === 'empty' ? 'empty' : 'exact', groups.flat())(null)
  const isWanted = positive === lookup
  const matches = (id: unknown): boolean => {
    if (Array.isArray(id)) return id.length === 0 ? matchesNothing : id.some((one: number) => ids.has(one))
    return id === null || id === undefined ? matchesNothing : ids.has(id as number)
  }
  const holds = (row: Row): boolean => matches(column.read(row)) === isWanted
  return isWanted && !matchesNothing ? { holds, source: { column, values: [...ids] } } : { holds }
}

function matchingIds(far: Model, { catalogs }: FilterSources, test: Test): Set<number> {
  const view = viewOf(catalogs.of(far))
  return new Set(findSlots(view, [test]).flatMap((slot) => view.slots[slot]?.id ?? []))
}

/** Rows that matching rows of another model refer to. */
export function reverseFilter(
  name: string,
  { from, filter }: { from: string; filter: string },
  sources: FilterSources,
): Filter {
  const at = from.lastIndexOf('.')
  const far = sources.registry.get(from.slice(0, at))
  const { last } = readPath(far, from.slice(at + 1))
  const { column } = stepColumn(far, last)
  const inner = sources.filtersOf(far).get(filter)
  if (inner === undefined) throw new Error(`${far.name} has no filter ${filter} (${name})`)
  const own: Column = { name: idColumn, read: (row) => row.id }
  const compile = (lookup: Lookup, groups: Groups): Test => {
    const positive = negations[lookup] ?? lookup
    const view = viewOf(sources.catalogs.of(far))
    const ids = new Set<number>()
    for (const slot of findSlots(view, [compileFilter(inner, positive, groups)])) {
      const row = view.slots[slot]
      for (const id of row === undefined ? [] : [column.read(row)].flat()) {
        if (typeof id === 'number') ids.add(id)
      }
    }
    const isWanted = positive === lookup
    const holds = (row: Row): boolean => ids.has(row.id) === isWanted
    return isWanted ? { holds, source: { column: own, values: [...ids] } } : { holds }
  }
  return { ...inner, name, compile, needs: [...new Set([far.name, ...inner.needs])] }
}
