import type { Model } from '../../../shared/model/define.ts'
import type { Field } from '../../../shared/model/fields.ts'
import type { Shown } from '../api.ts'
import { plainValue } from './shown.ts'

type Sortable = string | number | null
export type NaiveKey = { name: string; valueOf: (shown: Shown) => Sortable }

const unordered = new Set(['json', 'secret', 'refs', 'list', 'object', 'address', 'network'])

/** What a list can be ordered by, read from what is shown: an object by what it is called. */
export const orderable = (model: Model): NaiveKey[] => [
  { name: 'id', valueOf: ({ id }) => id },
  { name: 'created', valueOf: (shown) => String(shown['created']) },
  ...Object.entries(model.fields)
    .filter(([, { kind, hidden }]) => hidden !== true && !unordered.has(kind))
    .map(([name, field]): NaiveKey => ({
      name,
      valueOf: (shown) => sortableOf(field, shown[name]),
    })),
]

function sortableOf(field: Field, shown: unknown): Sortable {
  if (field.kind === 'ref') return (shown as { display: string } | null)?.display ?? null
  const value = plainValue(field, shown)
  return typeof value === 'boolean' ? Number(value) : (value as Sortable)
}

/** Nothing before anything; digits by their number; the id decides between equals. */
export function naiveOrder(
  rows: readonly Shown[],
  keys: readonly { key: NaiveKey; isTurned: boolean }[],
): Shown[] {
  return [...rows].sort((a, b) => {
    for (const { key, isTurned } of keys) {
      const order = compare(key.valueOf(a), key.valueOf(b))
      if (order !== 0) return isTurned ? -order : order
    }
    return a.id - b.id
  })
}

function compare(a: Sortable, b: Sortable): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return compareParts(partsOf(String(a)), partsOf(String(b)))
}

/** Single characters, and runs of digits as numbers. */
const partsOf = (text: string): (string | bigint)[] =>
  (text.toLowerCase().match(/\d+|[^]/g) ?? []).map((part) => (/^\d/.test(part) ? BigInt(part) : part))

function compareParts(a: readonly (string | bigint)[], b: readonly (string | bigint)[]): number {
  for (const [index, own] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    if (own === other) continue
    if (typeof own === 'bigint' && typeof other === 'bigint') return own < other ? -1 : 1
    // A digit against another character: as the digit stands among characters.
    const [left, right] = [own, other].map((part) => (typeof part === 'bigint' ? '0' : part)) as [
      string,
      string,
    ]
    if (left !== right) return left < right ? -1 : 1
  }
  return a.length - b.length
}
