import { columnOf, columnVersion, viewOf, type SortColumn, type Sortable } from '../catalog/view.ts'
import type { Catalogs } from '../catalog/catalog.ts'
import type { Issue } from '../errors.ts'
import { parseAddress, sortKeyOf } from '../ipam/addresses.ts'
import { countColumns } from './counts.ts'
import { customColumn, customValueAt } from './custom-filters.ts'
import type { Model, Row } from './define.ts'
import type { Field, ObjectRef } from './fields.ts'
import { noSuch } from './nearest.ts'
import { countNames, visibleFields } from './output.ts'
import type { Registry } from './registry.ts'
import { displayOf } from './rows.ts'

export type SortKey = { name: string; descending: boolean }
type Sources = { registry: Registry; catalogs: Catalogs }

/** More keys than this order nothing any more. */
const keysMax = 5
const ownNames = ['id', 'created', 'last_updated', 'display'] as const
const unsortable: ReadonlySet<Field['kind']> = new Set(['json', 'secret', 'refs', 'list'])

const orderingNames = (model: Model): string[] => [
  ...ownNames,
  ...visibleFields(model)
    .filter(([, field]) => !unsortable.has(field.kind))
    .map(([name]) => name),
  ...countNames(model),
  ...(model.customFields ?? [])
    .filter(({ field }) => !unsortable.has(field.kind) && field.kind !== 'ref')
    .map(({ name }) => customColumn(name)),
]

/** Reads `ordering=site,-name`. Without one the model's own order holds, then what names the row. */
export function readOrdering(model: Model, texts: readonly string[]): { keys: SortKey[]; issues: Issue[] } {
  const given = texts.flatMap((text) => text.split(',')).filter((part) => part !== '')
  const parts = given.length === 0 ? (model.ordering ?? ['display']) : given
  const keys = parts.map((part) => ({ name: part.replace(/^-/, ''), descending: part.startsWith('-') }))
  const names = orderingNames(model)
  const issues = keys
    .filter(({ name }) => !names.includes(name))
    .map(({ name }) => ({ path: 'ordering', message: noSuch('field to order by', name, names) }))
  if (keys.length > keysMax) issues.push({ path: 'ordering', message: `At most ${keysMax} fields.` })
  return { keys, issues }
}

/** The models whose rows take part in an ordering. */
export function orderingNeeds(sources: Sources, model: Model, keys: readonly SortKey[]): string[] {
  const counts = countColumns(model, sources)
  return keys.flatMap(({ name }) => {
    const field = model.fields[name]
    if (field?.kind === 'ref') return [field.to]
    return counts.find(({ column }) => column.name === name)?.needs ?? []
  })
}

/** What an order is kept under. */
export const orderName = (keys: readonly SortKey[]): string =>
  keys.map(({ name, descending }) => `${descending ? '-' : ''}${name}`).join()

/** The values that rows are ordered by. The rows of `orderingNeeds` must be at hand. */
export const sortColumns = (sources: Sources, model: Model, keys: readonly SortKey[]): SortColumn[] =>
  keys.map(({ name, descending }) => ({ ...columnFor(sources, model, name), descending }))

type Bare = Omit<SortColumn, 'descending'>

function columnFor(sources: Sources, model: Model, name: string): Bare {
  const own = `sorted ${name}`
  if (name === 'display') {
    const shown = model.display ?? 'name'
    const isField = typeof shown === 'string' && Object.hasOwn(model.fields, shown)
    return isField
      ? columnFor(sources, model, shown)
      : { name: own, read: (row) => natural(displayOf(model, row)) }
  }
  const field = model.fields[name]
  if (field?.kind === 'ref') return referenceColumn(sources, name, field.to)
  const count = countColumns(model, sources).find(({ column }) => column.name === name)
  if (count !== undefined) {
    const generations = count.needs.map((need) =>
      sources.catalogs.of(sources.registry.get(need)).generation(),
    )
    return { ...count.column, stamp: `${name} ${generations.join()}` }
  }
  if (field?.kind === 'network' || field?.kind === 'address')
    return { name: own, read: (row) => addressKey(row[name]) }
  if (field?.kind === 'object') return { name: own, read: (row) => objectKey(row[name]) }
  return { name: own, read: (row) => plainKey(field === undefined ? ownOrCustom(row, name) : row[name]) }
}

/** `id` and `created` are no fields of the model. */
const ownOrCustom = (row: Row, name: string): unknown =>
  Object.hasOwn(row, name) ? row[name] : customValueAt(row, name)

function plainKey(value: unknown): Sortable {
  if (typeof value === 'string') return natural(value)
  if (typeof value === 'boolean') return Number(value)
  return typeof value === 'number' ? value : null
}

const objectKey = (value: unknown): Sortable => {
  if (value === null || value === undefined) return null
  const { type, id } = value as ObjectRef
  return `${type} ${String(id).padStart(16, '0')}`
}

/** Addresses and networks are ordered by family, number and length. */
function addressKey(value: unknown): Sortable {
  const address = typeof value === 'string' ? parseAddress(value) : undefined
  return address === undefined ? null : sortKeyOf(address)
}

/**
 * Rows are ordered by what a reader sees of the object they refer to. An order made so stays good while no such object
 * is called otherwise: a new one has no rows yet.
 */
function referenceColumn({ registry, catalogs }: Sources, name: string, to: string): Bare {
  const target = registry.get(to)
  const view = viewOf(catalogs.of(target))
  const display = { name: 'display', read: (row: Row) => natural(displayOf(target, row)) }
  const names = columnOf(view, display)
  let missed = false
  const read = (row: Row): Sortable => {
    const id = row[name]
    if (typeof id !== 'number') return null
    const slot = view.slotOf.get(id)
    // The row may have been seen a moment before what it refers to.
    if (slot === undefined) missed = true
    return slot === undefined ? null : (names[slot] ?? null)
  }
  return { name, read, hasMissed: () => missed, stamp: `${to} ${columnVersion(view, display)}` }
}

/** Digits compare as numbers: `sw2` comes before `sw10`. */
const natural = (text: string): string =>
  text.toLowerCase().replaceAll(/\d+/g, (digits) => digits.padStart(12, '0'))
