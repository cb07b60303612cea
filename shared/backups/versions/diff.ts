import { diffArrays } from 'diff'
import type { VolatileLine } from '../../collect/clean.ts'

/**
 * Two configurations beside each other, line by line. Lines that change by themselves may be put back in: they are
 * marked, and never count as a change.
 */

/** One row of the two columns. `left` or `right` is null where the line is on the other side only. */
export type DiffRow = {
  kind: 'same' | 'removed' | 'added' | 'changed'
  left: DiffLine | null
  right: DiffLine | null
  /** The line changes by itself. */
  volatile: boolean
}
/** `number` is the line's place in the text it was stored as, from 1; null for a line that is no part of it. */
type DiffLine = { number: number | null; text: string }
type Diff = { added: number; removed: number; rows: DiffRow[] }

export type DiffSide = { text: string; volatile: readonly VolatileLine[] }

/** Texts so different that telling how costs more than this many edits are shown as wholly replaced. */
const editsMax = 20_000

export function diffConfigs(left: DiffSide, right: DiffSide): Diff {
  const [a, b] = [linesOf(left), linesOf(right)]
  const changes = diffArrays(a, b, { comparator: isSameLine, maxEditLength: editsMax }) ?? [
    { value: a, added: false, removed: true },
    { value: b, added: true, removed: false },
  ]
  const rows: DiffRow[] = []
  let removed: Line[] = []
  let [atLeft, atRight] = [0, 0]
  for (const { value, ...change } of changes) {
    if (change.removed) {
      removed = a.slice(atLeft, atLeft + value.length)
      atLeft += value.length
      continue
    }
    const added = b.slice(atRight, atRight + value.length)
    atRight += value.length
    if (change.added) {
      rows.push(...pairUp(removed, added))
    } else {
      rows.push(...pairUp(removed, []))
      const kept = a.slice(atLeft, atLeft + value.length)
      rows.push(...kept.map((line, index) => rowOf('same', line, added[index])))
      atLeft += value.length
    }
    removed = []
  }
  rows.push(...pairUp(removed, []))
  const counts = (side: 'left' | 'right'): number =>
    rows.filter((row) => row.kind !== 'same' && row[side] !== null && !row.volatile).length
  return { added: counts('right'), removed: counts('left'), rows }
}

type Line = DiffLine & { volatile: boolean }

/** Two lines that change by themselves are the same line at another time when their first words agree. */
const isSameLine = (a: Line, b: Line): boolean =>
  a.volatile && b.volatile ? firstWords(a.text) === firstWords(b.text) : a.text === b.text

const firstWords = (text: string): string => text.trim().split(/\s+/, 3).slice(0, 2).join(' ')

function linesOf({ text, volatile }: DiffSide): Line[] {
  const plain = text.replace(/\n$/, '').split('\n')
  const lines = text === '' ? [] : plain
  const byPlace = Map.groupBy(volatile, ({ after }) => after)
  const put = (place: number): Line[] =>
    (byPlace.get(place) ?? []).map(({ line }) => ({ number: null, text: line, volatile: true }))
  return [
    ...put(0),
    ...lines.flatMap((line, index) => [
      { number: index + 1, text: line, volatile: false },
      ...put(index + 1),
    ]),
  ]
}

/** Lines that went and lines that came at the same place stand beside each other. */
function pairUp(removed: readonly Line[], added: readonly Line[]): DiffRow[] {
  const count = Math.max(removed.length, added.length)
  return Array.from({ length: count }, (_, index) => {
    const [left, right] = [removed[index], added[index]]
    const kind = left === undefined ? 'added' : right === undefined ? 'removed' : 'changed'
    return rowOf(kind, left, right)
  })
}

const rowOf = (kind: DiffRow['kind'], left: Line | undefined, right: Line | undefined): DiffRow => ({
  kind,
  left: left === undefined ? null : { number: left.number, text: left.text },
  right: right === undefined ? null : { number: right.number, text: right.text },
  volatile: (left ?? right)?.volatile === true && (right ?? left)?.volatile === true,
})

/** Rows around changes (and around lines that change by themselves) only, as many as `context` on each side. */
export function hunksOf(rows: readonly DiffRow[], context: number): DiffRow[][] {
  const hunks: DiffRow[][] = []
  let last = -Infinity
  for (const [index, row] of rows.entries()) {
    if (row.kind === 'same' && !row.volatile) continue
    const from = Math.max(index - context, last + 1, 0)
    const isNext = from === last + 1 && hunks.length > 0
    const until = Math.min(index + context, rows.length - 1)
    const part = rows.slice(from, until + 1)
    if (isNext) hunks.at(-1)?.push(...part)
    else hunks.push(part)
    last = Math.max(last, until)
  }
  return hunks
}

/** The same as `diff -u` writes it, of the stored texts: lines that change by themselves are no part of it. */
export function unifiedDiff(
  names: { left: string; right: string },
  rows: readonly DiffRow[],
  context: number,
): string {
  const stored = rows.filter(({ volatile }) => !volatile)
  const hunks = hunksOf(stored, context)
  if (hunks.length === 0) return ''
  const lines = [`--- ${names.left}`, `+++ ${names.right}`]
  let [before, position] = [{ left: 0, right: 0 }, 0]
  for (const hunk of hunks) {
    const start = stored.indexOf(hunk[0] as DiffRow, position)
    for (const row of stored.slice(position, start)) before = past(before, row)
    const after = hunk.reduce(past, before)
    lines.push(`@@ -${rangeOf(before.left, after.left)} +${rangeOf(before.right, after.right)} @@`)
    lines.push(...bodyOf(hunk))
    before = after
    position = start + hunk.length
  }
  return `${lines.join('\n')}\n`
}

type Passed = { left: number; right: number }
const past = ({ left, right }: Passed, row: DiffRow): Passed => ({
  left: left + (row.left === null ? 0 : 1),
  right: right + (row.right === null ? 0 : 1),
})

/** An empty range names the line before it: https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html */
function rangeOf(before: number, after: number): string {
  const count = after - before
  const first = count === 0 ? before : before + 1
  return count === 1 ? String(first) : `${first},${count}`
}

function bodyOf(hunk: readonly DiffRow[]): string[] {
  const lines: string[] = []
  let added: string[] = []
  const flush = (): void => {
    lines.push(...added)
    added = []
  }
  for (const { kind, left, right } of hunk) {
    if (kind === 'same') {
      flush()
      lines.push(` ${right?.text ?? ''}`)
      continue
    }
    // All lines that went come before those that came, as diff writes them.
    if (left !== null) lines.push(`-${left.text}`)
    if (right !== null) added.push(`+${right.text}`)
  }
  flush()
  return lines
}
