import type { Row } from '../model/define.ts'
import type { Catalog } from './catalog.ts'

/** A value of each row by which rows are found or ordered, under a name of its own in the view. */
export type Column<T = unknown> = { name: string; read: (row: Row) => T }
export type Sortable = string | number | null
/** `stamp` changes when the values change without the row: a column that depends on other rows. */
export type SortColumn = Column<Sortable> & {
  descending: boolean
  stamp?: string
  /** Whether a row was met whose value is not known yet: the order then holds for this once only. */
  hasMissed?: () => boolean
}

/** The slots with one value: many values belong to one row only, and need no set. */
type Entry = number | Set<number>
/** The values of a row in an index: of a list each member. */
type Index = { read: Column['read']; entries: Map<unknown, Entry> }
/** `version` is another one whenever the value of a row that was there before has changed. */
type KeptColumn = { read: Column['read']; values: unknown[]; version: number }
/** `pending` slots were written since the order was made. */
export type Order = { stamp: string; slots: Int32Array; pending: Set<number> }

/**
 * What is derived from the rows of one catalog, kept beside it and brought up to date by the rows that changed: a
 * write costs by itself, not by the size of the set. Rows stand in slots; an index finds slots by a value, an order
 * holds them sorted.
 */
export type View = {
  slots: (Row | undefined)[]
  slotOf: Map<number, number>
  free: number[]
  indexes: Map<string, Index>
  columns: Map<string, KeptColumn>
  orders: Map<string, Order>
  generation: number
}

/** What is kept at most; the least recently used goes. */
const columnsMax = 24

const views = new WeakMap<Catalog, View>()

/** The view of a catalog as of its last refresh. Good until the next one: it must not be kept over a wait. */
export function viewOf(catalog: Catalog): View {
  const view = views.get(catalog)
  const generation = catalog.generation()
  if (view?.generation === generation) return view
  const changed = view && catalog.changedSince(view.generation)
  if (view === undefined || changed === undefined) {
    const fresh = createView(catalog, generation)
    views.set(catalog, fresh)
    return fresh
  }
  for (const id of new Set(changed)) replaceRow(view, id, catalog.rows.get(id))
  view.generation = generation
  return view
}

const createView = ({ rows }: Catalog, generation: number): View => {
  const slots = [...rows.values()]
  return {
    slots,
    slotOf: new Map(slots.map(({ id }, slot) => [id, slot])),
    free: [],
    indexes: new Map(),
    columns: new Map(),
    orders: new Map(),
    generation,
  }
}

function replaceRow(view: View, id: number, row: Row | undefined): void {
  const { slots, slotOf, free } = view
  const known = slotOf.get(id)
  if (known === undefined && row === undefined) return
  const slot = known ?? free.pop() ?? slots.length
  const before = slots[slot]
  slots[slot] = row
  if (row === undefined) {
    slotOf.delete(id)
    free.push(slot)
  } else slotOf.set(id, slot)
  for (const index of view.indexes.values()) {
    if (before !== undefined) removeFrom(index, before, slot)
    if (row !== undefined) addTo(index, row, slot)
  }
  for (const column of view.columns.values()) {
    const value = row && column.read(row)
    const isOther = before !== undefined && row !== undefined && column.values[slot] !== value
    if (isOther) column.version = nextVersion()
    column.values[slot] = value
  }
  for (const order of view.orders.values()) order.pending.add(slot)
}

const membersOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

function addTo({ entries, read }: Index, row: Row, slot: number): void {
  for (const value of membersOf(read(row))) {
    const there = entries.get(value)
    if (there === undefined) entries.set(value, slot)
    else if (typeof there === 'number') {
      if (there !== slot) entries.set(value, new Set([there, slot]))
    } else there.add(slot)
  }
}

function removeFrom({ entries, read }: Index, row: Row, slot: number): void {
  for (const value of membersOf(read(row))) {
    const there = entries.get(value)
    if (there === undefined) continue
    if (typeof there !== 'number') there.delete(slot)
    if (typeof there === 'number' || there.size === 0) entries.delete(value)
  }
}

/** Slots by the value of a column; made when it is first asked for. */
function indexOf(view: View, { name, read }: Column): Map<unknown, Entry> {
  const known = view.indexes.get(name)
  if (known !== undefined) return known.entries
  const index: Index = { read, entries: new Map() }
  for (const [slot, row] of view.slots.entries()) if (row !== undefined) addTo(index, row, slot)
  view.indexes.set(name, index)
  return index.entries
}

/** The name of the column that is the row's own id: no index is needed for it. */
export const idColumn = 'id'

/** The slots of the rows with this value. */
export function slotsWith(view: View, column: Column, value: unknown): Iterable<number> {
  if (column.name === idColumn) {
    const slot = typeof value === 'number' ? view.slotOf.get(value) : undefined
    return slot === undefined ? [] : [slot]
  }
  const entry = indexOf(view, column).get(value)
  if (entry === undefined) return []
  return typeof entry === 'number' ? [entry] : entry
}

/** How many rows have this value. */
export function countWith(view: View, column: Column, value: unknown): number {
  if (column.name === idColumn) return view.slotOf.has(value as number) ? 1 : 0
  const entry = indexOf(view, column).get(value)
  return entry === undefined ? 0 : typeof entry === 'number' ? 1 : entry.size
}

/** A value computed from each row, by slot; made when it is first asked for. */
export function columnOf<T>(view: View, { name, read }: Column<T>): readonly T[] {
  const known = view.columns.get(name)
  const column = known ?? {
    read,
    values: view.slots.map((row) => row && read(row)),
    version: nextVersion(),
  }
  keepRecent(view.columns, name, column, columnsMax)
  // What was computed by `read`; slots without a row are never asked for.
  return column.values as T[]
}

/** Whether the values of a column are still what they were for the rows that were there. */
export const columnVersion = (view: View, { name }: Column): number => view.columns.get(name)?.version ?? 0

let versions = 0
const nextVersion = (): number => {
  versions += 1
  return versions
}

export function keepRecent<V>(kept: Map<string, V>, name: string, value: V, max: number): void {
  kept.delete(name)
  kept.set(name, value)
  const [oldest] = kept.keys()
  if (kept.size > max && oldest !== undefined) kept.delete(oldest)
}
