import { columnOf, keepRecent, type Order, type SortColumn, type Sortable, type View } from './view.ts'

/** Orders that are kept; the least recently used goes. */
const ordersMax = 24

/** Whether an order is at hand without sorting everything. */
export const hasOrder = (view: View, name: string, columns: readonly SortColumn[]): boolean =>
  view.orders.get(name)?.stamp === stampOf(columns)

const stampOf = (columns: readonly SortColumn[]): string => columns.map(({ stamp = '' }) => stamp).join()

/** All slots in order. The id decides between equals, so that every page shows every row once. */
export function orderOf(view: View, name: string, columns: readonly SortColumn[]): Int32Array {
  const stamp = stampOf(columns)
  const known = view.orders.get(name)
  const isNear = known?.stamp === stamp && known.pending.size <= view.slotOf.size / 8
  const slots = isNear ? mended(view, known, columns) : sortSlots(view, view.slotOf.values(), columns)
  const isWhole = columns.every(({ hasMissed }) => hasMissed?.() !== true)
  const order = { stamp: isWhole ? stamp : `${stamp} once`, slots, pending: new Set<number>() }
  keepRecent(view.orders, name, order, ordersMax)
  return slots
}

/** An order with the slots that were written since taken out and put in where they belong now. */
function mended(view: View, { slots, pending }: Order, columns: readonly SortColumn[]): Int32Array {
  if (pending.size === 0) return slots
  const kept = slots.filter((slot) => !pending.has(slot))
  const live = [...pending].filter((slot) => view.slots[slot] !== undefined)
  const added = sortSlots(view, live, columns)
  const compare = comparatorOf(view, columns)
  const merged = new Int32Array(kept.length + added.length)
  let from = 0
  for (const [index, slot] of added.entries()) {
    const at = placeOf(kept, slot, from, compare)
    merged.set(kept.subarray(from, at), from + index)
    merged[at + index] = slot
    from = at
  }
  merged.set(kept.subarray(from), from + added.length)
  return merged
}

/** Where a slot belongs among sorted ones, by halving. */
function placeOf(sorted: Int32Array, slot: number, from: number, compare: Compare): number {
  let low = from
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(sorted[middle] ?? 0, slot) < 0) low = middle + 1
    else high = middle
  }
  return low
}

type Compare = (a: number, b: number) => number

/** Sorts some slots. What they are compared by is computed once per row, not once per comparison. */
export function sortSlots(view: View, slots: Iterable<number>, columns: readonly SortColumn[]): Int32Array {
  const sorted = Int32Array.from(slots)
  const isWhole = sorted.length > view.slotOf.size / 8
  const prepared = columns.map((column) => {
    if (column.stamp === undefined && isWhole) return columnOf(view, column)
    const values: Sortable[] = []
    for (const slot of sorted) {
      const row = view.slots[slot]
      values[slot] = row === undefined ? null : column.read(row)
    }
    return values
  })
  return sorted.sort(comparatorOf(view, columns, prepared))
}

/** @param prepared values of each column by slot; those of slots that are compared without are read. */
function comparatorOf(
  { slots }: View,
  columns: readonly SortColumn[],
  prepared: readonly (readonly Sortable[])[] = [],
): Compare {
  const keys = columns.map(({ read, descending }, index) => ({
    values: prepared[index],
    read,
    sign: descending ? -1 : 1,
  }))
  return (a, b) => {
    const rowA = slots[a]
    const rowB = slots[b]
    if (rowA === undefined || rowB === undefined) return a - b
    for (const { values, read, sign } of keys) {
      const order =
        values === undefined ? compareValues(read(rowA), read(rowB)) : compareValues(values[a], values[b])
      if (order !== 0) return order * sign
    }
    return rowA.id - rowB.id
  }
}

/** What a row is ordered by, the id included. */
export type Place = { values: readonly Sortable[]; id: number }

export function valuesOf(view: View, columns: readonly SortColumn[], slot: number): Place {
  const row = view.slots[slot]
  if (row === undefined) throw new Error('a place of no row')
  return { values: columns.map(({ read }) => read(row)), id: row.id }
}

/** How many of the sorted slots are not behind a place. */
export function firstAfter(
  view: View,
  sorted: Int32Array,
  columns: readonly SortColumn[],
  place: Place,
): number {
  const isBehind = (slot: number): boolean => {
    const own = valuesOf(view, columns, slot)
    for (const [index, { descending }] of columns.entries()) {
      const order = compareValues(own.values[index], place.values[index])
      if (order !== 0) return descending ? order < 0 : order > 0
    }
    return own.id > place.id
  }
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBehind(sorted[middle] ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}

/** Nothing comes first. */
function compareValues(a: Sortable | undefined, b: Sortable | undefined): number {
  if (a === b) return 0
  if (a === null || a === undefined) return -1
  if (b === null || b === undefined) return 1
  return a < b ? -1 : 1
}
