import type { ImportIssue } from './issues.ts'

/** A row as it stands in the file. Of CSV all values are text; '' is an empty cell. */
export type SourceRow = {
  index: number
  /** On which it begins, from 1. */
  line: number
  cells: readonly (readonly [column: string, value: unknown])[]
}

export type Source = {
  rows: SourceRow[]
  /** What could not be read. Rows beside it are whole. */
  issues: ImportIssue[]
  /** Of a CSV file, as they are written there. */
  header?: readonly string[]
  delimiter?: string
}

/** Bounds of one file. */
export const sourceLimits = {
  bytes: 100_000_000,
  /** Its syntax tree takes fifty times its size. */
  yamlBytes: 20_000_000,
  rows: 250_000,
  columns: 300,
  cellCharacters: 100_000,
} as const
