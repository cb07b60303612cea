import { AppError } from '../errors.ts'
import { transactionItemsMax } from '../table/dynamo-table.ts'
import type { Write } from '../table/table.ts'

/**
 * Packs the writes of many rows into as few transactions as hold them, a row never divided. Writes are made when their
 * transaction is next, since they carry the time: who reads the newest changes waits for them only so long
 * (`overlapMs` in shared/catalog).
 * @returns how many rows each transaction has, and its writes.
 * @throws AppError `validation_failed` where one row alone is beyond a transaction.
 */
export function* packWrites<T>(
  rows: readonly T[],
  writesOf: (row: T) => readonly Write[],
): Generator<{ rows: number; writes: Write[] }> {
  for (let start = 0; start < rows.length;) {
    const pack = fill(rows, start, writesOf)
    yield pack
    start += pack.rows
  }
}

function fill<T>(
  rows: readonly T[],
  start: number,
  writesOf: (row: T) => readonly Write[],
): { rows: number; writes: Write[] } {
  let writes = new Map<string, Write>()
  let count = 0
  for (const row of rows.slice(start, start + transactionItemsMax)) {
    const own = writesOf(row)
    const merged = merge(writes, own)
    const fits = merged !== undefined && merged.size <= transactionItemsMax
    if (!fits && count === 0) throw tooManyWrites(own.length)
    if (!fits) break
    writes = merged
    count += 1
  }
  return { rows: count, writes: [...writes.values()] }
}

/** DynamoDB bounds what one transaction may change: each reference of a row is two of its members. */
const tooManyWrites = (count: number): AppError =>
  new AppError(
    'validation_failed',
    `The object refers to too many others to be written at once: ${count} of ${transactionItemsMax} changes.`,
  )

/** A transaction may name an item once. Undefined where two rows want different things of one item. */
function merge(into: ReadonlyMap<string, Write>, row: readonly Write[]): Map<string, Write> | undefined {
  const merged = new Map(into)
  for (const write of row) {
    const key = 'put' in write ? write.put : 'remove' in write ? write.remove : write.check
    const name = `${key.pk}\n${key.sk}`
    const there = merged.get(name)
    const joined = there === undefined ? write : join(there, write)
    if (joined === undefined) return undefined
    merged.set(name, joined)
  }
  return merged
}

/** Whatever versions two looks saw: the transaction holds only where the first, the older one, still does. */
const stricter = (first: Write, second: Write): Write =>
  'seenVersion' in second && !('seenVersion' in first) ? second : first

function join(first: Write, second: Write): Write | undefined {
  // Two rows take places in one cell: the second builds on what the first leaves (`shared/model/cells.ts`).
  if ('put' in first && 'put' in second && 'ifVersion' in second && first.put.version === second.ifVersion) {
    return { ...first, put: second.put }
  }
  if ('check' in first && 'check' in second)
    return 'isPresent' in first && 'isPresent' in second ? stricter(first, second) : undefined
  // One row gives a unique value up, another takes it: the version of the first row proves that it held the guard.
  const [gives, takes] = 'remove' in first ? [first, second] : [second, first]
  if (!('remove' in gives) || !('put' in takes) || !('ifAbsent' in takes)) return undefined
  if ('unconditionally' in gives) return { put: takes.put, unconditionally: true }
  // A hold gives way to its own row, as long as it is still the one that was read.
  return 'ifVersion' in gives ? { ...gives, put: takes.put } : undefined
}
