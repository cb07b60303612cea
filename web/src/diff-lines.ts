import { diffWordsWithSpace } from 'diff'
import type { Diff } from './types.ts'

type Row = Diff['hunks'][number][number]
type Side = 'left' | 'right'

/** A piece of a line; `isChanged` where the line beside it has something else. */
type Piece = { text: string; isChanged: boolean }
export type DiffLine = {
  /** `none`: the line is on the other side only. `gap`: lines that are the same were left out. */
  kind: 'same' | 'added' | 'removed' | 'none' | 'gap'
  numbers: readonly (number | null)[]
  /** `~`: a difference that means nothing; `·`: a line that changes by itself. */
  mark: ' ' | '~' | '·'
  pieces: readonly Piece[]
}

/** Beyond it, telling words apart costs more than it shows. */
const wordsCharsMax = 1000

const gapOf = (columns: number): DiffLine => ({
  kind: 'gap',
  numbers: Array.from({ length: columns }, () => null),
  mark: ' ',
  pieces: [],
})

/** One of the two columns: as many lines as the other one has. */
export const linesOfSide = (hunks: Diff['hunks'], side: Side): DiffLine[] =>
  withGaps(hunks, 1, (hunk) => hunk.map((row) => lineOf(row, side)))

/** Both in one column, as `diff -u` writes it: of each change first what went, then what came. */
export const linesOfBoth = (hunks: Diff['hunks']): DiffLine[] => withGaps(hunks, 2, unified)

function withGaps(
  hunks: Diff['hunks'],
  columns: number,
  lines: (hunk: readonly Row[]) => DiffLine[],
): DiffLine[] {
  return hunks.flatMap((hunk, index) => [...(index === 0 ? [] : [gapOf(columns)]), ...lines(hunk)])
}

function unified(hunk: readonly Row[]): DiffLine[] {
  const lines: DiffLine[] = []
  let came: DiffLine[] = []
  for (const row of hunk) {
    const numbers = [row.left?.number ?? null, row.right?.number ?? null] as const
    if (row.kind === 'same') {
      lines.push(...came, { ...lineOf(row, 'right'), numbers })
      came = []
      continue
    }
    if (row.left !== null) lines.push({ ...lineOf(row, 'left'), numbers: [numbers[0], null] })
    if (row.right !== null) came.push({ ...lineOf(row, 'right'), numbers: [null, numbers[1]] })
  }
  return [...lines, ...came]
}

function lineOf(row: Row, side: Side): DiffLine {
  const line = row[side]
  if (line === null) return { kind: 'none', numbers: [null], mark: ' ', pieces: [] }
  const kind = row.kind === 'same' ? 'same' : side === 'left' ? 'removed' : 'added'
  const mark = row.volatile ? '·' : line.insignificant ? '~' : ' '
  return { kind, numbers: [line.number], mark, pieces: piecesOf(row, side, line.text) }
}

function piecesOf({ kind, left, right }: Row, side: Side, text: string): Piece[] {
  const [before, after] = [left?.text ?? '', right?.text ?? '']
  if (kind !== 'changed' || before.length + after.length > wordsCharsMax) return [{ text, isChanged: false }]
  const other = side === 'left' ? 'added' : 'removed'
  const own = side === 'left' ? 'removed' : 'added'
  const pieces = diffWordsWithSpace(before, after)
    .filter((piece) => !piece[other])
    .map((piece) => ({ text: piece.value, isChanged: piece[own] }))
  // Where nothing is in common, all of it is marked by the line's colour already.
  return pieces.every(({ isChanged, text: words }) => isChanged || words.trim() === '')
    ? [{ text, isChanged: false }]
    : pieces
}
