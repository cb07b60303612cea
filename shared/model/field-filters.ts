import type { Column } from '../catalog/view.ts'
import type { Model, Row } from './define.ts'
import type { Field, ObjectRef } from './fields.ts'
import type { Filter } from './filter-tests.ts'
import {
  hostOf,
  parseAddressText,
  parseBoolean,
  parseChoice,
  parseDay,
  parseDecimal,
  parseId,
  parseInteger,
  parseMacText,
  parseNetworkText,
  parseText,
  parseTime,
  type Parsed,
} from './filter-values.ts'
import type { FilterKind } from './lookups.ts'
import { referenceFilters, type FilterSources } from './reference-filters.ts'

/** The filters that a field makes. */
export function filtersOfField(name: string, field: Field, model: Model, sources: FilterSources): Filter[] {
  const column: Column = { name, read: (row) => row[name] ?? null }
  const plain = (kind: FilterKind, parse: Filter['parse'], more: Partial<Filter> = {}): Filter[] => [
    { name, kind, column, parse, needs: [], ...more },
  ]
  if (field.kind === 'json') return []
  if (field.kind === 'secret') {
    const flag = `has_${name}`
    const own: Column = { name: flag, read: (row) => row[flag] }
    return [{ name: flag, kind: 'bool', column: own, parse: parseBoolean, needs: [] }]
  }
  if (field.kind === 'ref') {
    const to = sources.registry.get(field.to)
    return referenceFilters(name, { column, to, isDirect: name === model.tree }, sources)
  }
  if (field.kind === 'refs') {
    const to = sources.registry.get(field.to)
    return referenceFilters(field.filter, { column, to, isSet: field.filter === 'tag' }, sources)
  }
  if (field.kind === 'object') return objectFilters(name, field.to, sources)
  if (field.kind === 'list') {
    return plain('list', parserOf(field.of), { type: field.of.kind === 'int' ? 'integer' : 'string' })
  }
  const { kind } = field
  if (kind === 'address') {
    return plain('address', parseAddressText, { column: hostColumn(name), partOf: column.read })
  }
  return plain(kinds[kind], parserOf(field), kind === 'choice' ? { choices: field.choices } : {})
}

/** An address with its mask and without: it is found by both. */
export const hostColumn = (name: string): Column => ({
  name: `${name} with host`,
  read: (row) => withHost(row[name]),
})

const withHost = (value: unknown): unknown => (typeof value === 'string' ? [value, hostOf(value)] : null)

type PlainField = Exclude<Field, { kind: 'json' | 'secret' | 'ref' | 'refs' | 'object' | 'list' }>

const kinds: Record<PlainField['kind'], FilterKind> = {
  text: 'text',
  slug: 'text',
  int: 'number',
  decimal: 'number',
  bool: 'bool',
  choice: 'choice',
  datetime: 'time',
  date: 'time',
  network: 'address',
  address: 'address',
  mac: 'mac',
}

const parsers: Record<Exclude<PlainField['kind'], 'choice'>, Filter['parse']> = {
  text: parseText,
  slug: parseText,
  int: parseInteger,
  decimal: parseDecimal,
  bool: parseBoolean,
  datetime: parseTime,
  date: parseDay,
  network: parseNetworkText,
  address: parseAddressText,
  mac: parseMacText,
}

function parserOf(field: PlainField): Filter['parse'] {
  if (field.kind !== 'choice') return parsers[field.kind]
  const choices = Object.keys(field.choices)
  const isOptional = field.optional === true
  return (text) => (isOptional && text === 'null' ? { value: null } : parseChoice(text, choices))
}

/** `assigned_object_type=dcim.interface` and `assigned_object_id=5`, as NetBox's generic foreign keys. */
function objectFilters(name: string, to: readonly string[] | 'any', { registry }: FilterSources): Filter[] {
  const part = (key: keyof ObjectRef) => (row: Row) =>
    (row[name] as ObjectRef | null | undefined)?.[key] ?? null
  const types = to === 'any' ? registry.all.map((model) => model.name as string) : to
  const parseType = (text: string): Parsed => (text === 'null' ? { value: null } : parseChoice(text, types))
  return [
    {
      name: `${name}_type`,
      kind: 'choice',
      column: { name: `${name}.type`, read: part('type') },
      parse: parseType,
      needs: [],
    },
    {
      name: `${name}_id`,
      kind: 'reference',
      column: { name: `${name}.id`, read: part('id') },
      parse: parseId,
      needs: [],
      type: 'integer',
    },
  ]
}
