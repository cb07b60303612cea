import type { Issue } from '../errors.ts'
import type { Model, Row } from './define.ts'
import type { Field } from './fields.ts'
import { noSuch } from './nearest.ts'
import { visibleFields } from './output.ts'
import { displayOf } from './rows.ts'

export type SortKey = { name: string; descending: boolean }
/** What a referenced object is called: rows are ordered by what a reader sees. */
export type DisplayLookup = (model: string, id: number) => string

/** More keys than this order nothing any more. */
const keysMax = 5
const ownNames = ['id', 'created', 'last_updated', 'display'] as const

const orderingNames = (model: Model): string[] => [
  ...ownNames,
  ...visibleFields(model)
    .filter(([, field]) => isSortable(field))
    .map(([name]) => name),
]

const unsortable: ReadonlySet<Field['kind']> = new Set(['json', 'secret', 'refs', 'list', 'object'])
const isSortable = (field: Field): boolean => !unsortable.has(field.kind)

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

/** Of the models whose names take part in an ordering. */
export const orderingTargets = (model: Model, keys: readonly SortKey[]): string[] =>
  keys.flatMap(({ name }) => {
    const field = model.fields[name]
    return field?.kind === 'ref' ? [field.to] : []
  })

/** The rows in order. The id decides between equals, so that every page shows every row once. */
export function sortRows(
  model: Model,
  rows: Iterable<Row>,
  keys: readonly SortKey[],
  display: DisplayLookup,
): Row[] {
  const readers = keys.map(({ name, descending }) => ({
    read: readerOf(model, name, display),
    sign: descending ? -1 : 1,
  }))
  // The values are computed once per row, not once per comparison.
  const decorated = Array.from(rows, (row) => ({ row, values: readers.map(({ read }) => read(row)) }))
  decorated.sort((a, b) => {
    for (const [index, { sign }] of readers.entries()) {
      const order = compare(a.values[index], b.values[index])
      if (order !== 0) return order * sign
    }
    return a.row.id - b.row.id
  })
  return decorated.map(({ row }) => row)
}

type Sortable = string | number | null

function readerOf(model: Model, name: string, display: DisplayLookup): (row: Row) => Sortable {
  if (name === 'display') return (row) => natural(displayOf(model, row))
  const field = model.fields[name]
  if (field?.kind === 'ref') {
    return (row) => (typeof row[name] === 'number' ? natural(display(field.to, row[name])) : null)
  }
  return (row) => {
    const value = row[name]
    if (typeof value === 'string') return natural(value)
    if (typeof value === 'boolean') return Number(value)
    return typeof value === 'number' ? value : null
  }
}

/** Digits compare as numbers: `sw2` comes before `sw10`. */
const natural = (text: string): string =>
  text.toLowerCase().replaceAll(/\d+/g, (digits) => digits.padStart(12, '0'))

/** Nothing comes first. */
function compare(a: Sortable | undefined, b: Sortable | undefined): number {
  if (a === b) return 0
  if (a === null || a === undefined) return -1
  if (b === null || b === undefined) return 1
  return a < b ? -1 : 1
}
