import type { Catalogs } from '../catalog/catalog.ts'
import type { Issue } from '../errors.ts'
import type { Model, Row } from './define.ts'
import { parseAddress, parseNetwork } from '../ipam/addresses.ts'
import type { Field, ObjectRef } from './fields.ts'
import { parseMac } from './mac.ts'
import { lookupsOf, patternProblem, testOf, type Lookup } from './lookups.ts'
import { nearest, noSuch } from './nearest.ts'
import type { Registry } from './registry.ts'
import { visibleFields } from './output.ts'

/** What a name in a query means: a value of each row, and how texts are read as such values. */
export type Filter = {
  name: string
  kind: keyof typeof lookupsOf
  valueOf: (row: Row) => unknown
  /** The value, or what is wrong with the text. */
  parse: (text: string) => { value: unknown } | { problem: string }
  /** Values are lists (of ids), and every given one must be in it. */
  isList?: boolean
  /** The model whose rows must be at hand to parse a value. */
  looksInto?: string
}

export type Predicate = (row: Row) => boolean

/** More values than this in one query are refused: a URL holds no more. */
const valuesMax = 1000

/** Every filter of a model, by its name without a lookup. */
export function filtersOf(
  model: Model,
  sources: { registry: Registry; catalogs: Catalogs },
): Map<string, Filter> {
  const filters: Filter[] = [
    { name: 'id', kind: 'number', valueOf: (row) => row.id, parse: parseInteger },
    { name: 'created', kind: 'time', valueOf: (row) => row.created, parse: parseTime },
    { name: 'last_updated', kind: 'time', valueOf: (row) => row.last_updated, parse: parseTime },
    ...visibleFields(model).flatMap(([name, field]) => filtersOfField(name, field, sources)),
  ]
  return new Map(filters.map((filter) => [filter.name, filter]))
}

function filtersOfField(
  name: string,
  field: Field,
  sources: { registry: Registry; catalogs: Catalogs },
): Filter[] {
  const valueOf = (row: Row): unknown => row[name]
  if (field.kind === 'json' || field.kind === 'list') return []
  if (field.kind === 'object') return objectFilters(name)
  if (field.kind === 'ref' || field.kind === 'refs') return referenceFilters(name, field, sources)
  if (field.kind === 'secret') {
    return [{ name: `has_${name}`, kind: 'bool', valueOf: (row) => row[`has_${name}`], parse: parseBoolean }]
  }
  if (field.kind === 'choice') {
    return [{ name, kind: 'choice', valueOf, parse: (text) => parseChoice(text, Object.keys(field.choices)) }]
  }
  return [{ name, valueOf, ...plainFilters[field.kind] }]
}

const parseText = (text: string): ReturnType<Filter['parse']> => ({ value: text })

type PlainKind = Exclude<Field['kind'], 'json' | 'list' | 'object' | 'ref' | 'refs' | 'secret' | 'choice'>

const plainFilters: Record<PlainKind, Pick<Filter, 'kind' | 'parse'>> = {
  decimal: { kind: 'number', parse: (text) => parseDecimal(text) },
  date: { kind: 'time', parse: (text) => parseDay(text) },
  network: { kind: 'text', parse: (text) => ({ value: parseNetwork(text)?.text ?? text }) },
  address: { kind: 'text', parse: (text) => ({ value: parseAddress(text)?.text ?? text }) },
  mac: { kind: 'text', parse: (text) => ({ value: parseMac(text) ?? text }) },
  text: { kind: 'text', parse: parseText },
  slug: { kind: 'text', parse: parseText },
  int: { kind: 'number', parse: (text) => parseInteger(text) },
  bool: { kind: 'bool', parse: (text) => parseBoolean(text) },
  datetime: { kind: 'time', parse: (text) => parseTime(text) },
}

/** `site` by slug (or by what names the object) and `site_id` by id, as in NetBox. */
function referenceFilters(
  name: string,
  field: Extract<Field, { kind: 'ref' | 'refs' }>,
  { registry, catalogs }: { registry: Registry; catalogs: Catalogs },
): Filter[] {
  const valueOf = (row: Row): unknown => row[name]
  const isList = field.kind === 'refs'
  const base = field.kind === 'refs' ? field.filter : name
  const target = registry.get(field.to)
  const key = ['slug', 'name', 'username'].find((candidate) => Object.hasOwn(target.fields, candidate))
  const byId: Filter = { name: `${base}_id`, kind: 'reference', valueOf, parse: parseId, isList }
  if (key === undefined) return [byId]
  const parse = (text: string): ReturnType<Filter['parse']> => {
    if (text === 'null') return { value: null }
    for (const row of catalogs.of(target).rows.values()) if (row[key] === text) return { value: row.id }
    return { problem: `there is no ${target.label.toLowerCase()} with the ${key} "${text.slice(0, 100)}"` }
  }
  return [byId, { name: base, kind: 'reference', valueOf, parse, isList, looksInto: field.to }]
}

const parseInteger = (text: string): ReturnType<Filter['parse']> =>
  /^-?\d{1,16}$/.test(text) ? { value: Number(text) } : { problem: 'an integer is expected' }

const parseDecimal = (text: string): ReturnType<Filter['parse']> =>
  /^-?\d{1,15}(?:\.\d{1,10})?$/.test(text) ? { value: Number(text) } : { problem: 'a number is expected' }

const parseDay = (text: string): ReturnType<Filter['parse']> =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
    ? { value: text }
    : { problem: 'a day such as 2026-11-30 is expected' }

/** `assigned_object_type` and `assigned_object_id`, as NetBox has them. */
function objectFilters(name: string): Filter[] {
  const part = (row: Row, member: 'type' | 'id'): unknown =>
    (row[name] as ObjectRef | null | undefined)?.[member] ?? null
  return [
    { name: `${name}_type`, kind: 'text', valueOf: (row) => part(row, 'type'), parse: parseText },
    { name: `${name}_id`, kind: 'reference', valueOf: (row) => part(row, 'id'), parse: parseId },
  ]
}

const parseId = (text: string): ReturnType<Filter['parse']> =>
  text === 'null' ? { value: null } : parseInteger(text)

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false }

function parseBoolean(text: string): ReturnType<Filter['parse']> {
  const value = booleans[text.toLowerCase()]
  return value === undefined ? { problem: 'true or false is expected' } : { value }
}

function parseTime(text: string): ReturnType<Filter['parse']> {
  const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(text)
  const time = isTime
    ? new Date(text.length > 10 && !/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text)
    : undefined
  if (time === undefined || Number.isNaN(time.getTime()))
    return { problem: 'a time such as 2026-11-30T08:00:00Z is expected' }
  return { value: time.toISOString() }
}

function parseChoice(text: string, choices: readonly string[]): ReturnType<Filter['parse']> {
  if (choices.includes(text)) return { value: text }
  const offered = nearest(text, choices)
  const names = (offered.length > 0 ? offered : choices).map((choice) => `"${choice}"`).join(', ')
  return { problem: `"${text.slice(0, 100)}" is not a choice; there is ${names}` }
}

/** A parameter taken apart: which filter, which lookup. Undefined where no such filter exists. */
function readName(
  name: string,
  filters: ReadonlyMap<string, Filter>,
): { filter: Filter; lookup: Lookup } | undefined {
  const whole = filters.get(name)
  if (whole !== undefined) return { filter: whole, lookup: 'exact' }
  const at = name.lastIndexOf('__')
  const filter = at < 0 ? undefined : filters.get(name.slice(0, at))
  const lookup =
    filter && (lookupsOf[filter.kind] as readonly Lookup[]).find((one) => one === name.slice(at + 2))
  return filter === undefined || lookup === undefined ? undefined : { filter, lookup }
}

/** Reads one parameter with all its values. */
export function predicateOf(
  name: string,
  texts: readonly string[],
  filters: ReadonlyMap<string, Filter>,
  reserved: readonly string[],
): { predicate: Predicate } | { issue: Issue; isUnknown: boolean } {
  const read = readName(name, filters)
  if (read === undefined)
    return { issue: { path: name, message: unknownName(name, filters, reserved) }, isUnknown: true }
  const { filter, lookup } = read
  if (texts.length > valuesMax)
    return { issue: { path: name, message: `At most ${valuesMax} values.` }, isUnknown: false }
  const parsed = texts.map((text) => parseFor(filter, lookup, text))
  const problem = parsed.find((one) => 'problem' in one)
  if (problem !== undefined && 'problem' in problem)
    return { issue: { path: name, message: `${problem.problem}.` }, isUnknown: false }
  const values = parsed.map((one) => ('value' in one ? one.value : undefined))
  return {
    predicate:
      filter.isList === true
        ? listPredicate(filter, lookup, values)
        : scalarPredicate(filter, lookup, values),
  }
}

function scalarPredicate(filter: Filter, lookup: Lookup, values: readonly unknown[]): Predicate {
  const test = testOf(lookup, values)
  return (row) => test(filter.valueOf(row))
}

/** Every given member must be there; of a negated lookup none may be. */
function listPredicate(filter: Filter, lookup: Lookup, values: readonly unknown[]): Predicate {
  if (lookup === 'empty') return scalarPredicate(filter, lookup, values)
  const has = (row: Row, value: unknown): boolean => {
    const list = filter.valueOf(row) as readonly unknown[]
    return value === null ? list.length === 0 : list.includes(value)
  }
  return lookup === 'n'
    ? (row) => !values.some((value) => has(row, value))
    : (row) => values.every((value) => has(row, value))
}

function parseFor(filter: Filter, lookup: Lookup, text: string): ReturnType<Filter['parse']> {
  if (lookup === 'empty') return parseBoolean(text)
  if (lookup === 'regex') {
    const problem = patternProblem(text)
    return problem === undefined ? { value: text } : { problem }
  }
  // A part of a choice need not be a choice.
  const isPart = filter.kind === 'choice' && lookup !== 'exact' && lookup !== 'n'
  return isPart ? { value: text } : filter.parse(text)
}

function unknownName(
  name: string,
  filters: ReadonlyMap<string, Filter>,
  reserved: readonly string[],
): string {
  const at = name.lastIndexOf('__')
  const filter = at < 0 ? undefined : filters.get(name.slice(0, at))
  if (filter === undefined) return noSuch('filter', name, [...filters.keys(), ...reserved])
  const lookups = lookupsOf[filter.kind]
  const there = lookups.length === 0 ? 'none' : lookups.map((one) => `__${one}`).join(', ')
  return `"${filter.name}" has no lookup "${name.slice(at)}"; there is ${there}.`
}
