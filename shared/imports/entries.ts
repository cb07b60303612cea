import type { Row } from '../model/define.ts'
import { issueAt, type Complaint, type ImportIssue } from './issues.ts'

/** What is to become of a row. */
export const lineStatuses = ['create', 'change', 'unchanged', 'skipped', 'error'] as const
export type LineStatus = (typeof lineStatuses)[number]

const rowMark = Symbol('row of the file')

/** A reference to another row of the file, until it is known which object that is. */
export type RowReference = { readonly [rowMark]: number }
export const rowReference = (row: number): RowReference => ({ [rowMark]: row })
export const referredRow = (value: unknown): number | undefined =>
  value !== null && typeof value === 'object' && rowMark in value ? (value[rowMark] as number) : undefined

/** A row of the file on its way to an object. */
export type Entry = {
  index: number
  line: number
  issues: ImportIssue[]
  /** The object's id and version, where the row says them. */
  id: number | undefined
  version: number | undefined
  /** Parsed values by field; references are ids or `RowReference`s. */
  values: Record<string, unknown>
  /** Fields whose cell is empty. */
  cleared: readonly string[]
  /** Rows of the file that must be written before. */
  level: number
  /** The object's id, known or new; undefined while the row is not identified. */
  objectId?: number
  before?: Row
  after?: Row
}

export const complain = (entry: Entry, complaint: Complaint): void => {
  entry.issues.push(issueAt(entry, complaint))
}

export const isBad = (entry: Entry): boolean => entry.issues.length > 0
