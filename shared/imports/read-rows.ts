import * as z from 'zod'
import { customFieldsOf } from '../model/custom-fields.ts'
import { customNameOf, customPath } from '../model/custom-values.ts'
import { isOptional } from '../model/field-schema.ts'
import type { Field } from '../model/fields.ts'
import type { Model } from '../model/define.ts'
import { parseInput } from '../model/input.ts'
import type { Registry } from '../model/registry.ts'
import { readCell, splitList, unguardFormula } from './cells.ts'
import { columnsOf, type Column, type Columns } from './columns.ts'
import { complain, type Entry } from './entries.ts'
import { fileIssue, issueAt, type Complaint, type ImportIssue } from './issues.ts'
import type { Source, SourceRow } from './source.ts'

/** A reference as it stands in the file, by the field. */
type RawReferences = Map<string, { column: string; given: unknown }>
export type ReadRow = { entry: Entry; references: RawReferences }

/** What is wrong with the header as a whole: nothing of the file can be trusted then. */
export function headerIssues(registry: Registry, model: Model, { header }: Source): ImportIssue[] {
  if (header === undefined) return []
  const columns = columnsOf(registry, model, true)
  const seen = new Map<string, string>()
  return header.flatMap((name) => {
    const column = columns(name)
    if ('code' in column) return [issueAt({ index: null, line: 1 }, column)]
    const meaning =
      column.role === 'attribute'
        ? [column.member, ...column.path].join('__')
        : column.role === 'member'
          ? column.member
          : name
    const earlier = column.role === 'ignored' ? undefined : seen.get(meaning)
    seen.set(meaning, name)
    if (earlier === undefined) return []
    const complaint: Complaint = {
      column: name,
      code: 'repeated_column',
      message: `The columns "${earlier}" and "${name}" mean the same.`,
    }
    return [issueAt({ index: null, line: 1 }, complaint)]
  })
}

/** Reads the values of all rows, each against its field; references are taken out as they stand. */
export function readRows(registry: Registry, model: Model, source: Source): ReadRow[] {
  const isCsv = source.header !== undefined
  const columns = columnsOf(registry, model, isCsv)
  const issues = Map.groupBy(source.issues, ({ index }) => index)
  return source.rows.map((row) =>
    readRow(model, columns, { row, isCsv, issues: issues.get(row.index) ?? [] }),
  )
}

type Cells = {
  body: Record<string, unknown>
  references: RawReferences
  cleared: string[]
  /** The column that each field was given in. */
  columnOf: Map<string, string>
}

function readRow(
  model: Model,
  columns: Columns,
  { row, isCsv, issues }: { row: SourceRow; isCsv: boolean; issues: readonly ImportIssue[] },
): ReadRow {
  const { index, line } = row
  const entry: Entry = {
    index,
    line,
    issues: [...issues],
    id: undefined,
    version: undefined,
    values: {},
    cleared: [],
    level: 0,
  }
  const cells: Cells = { body: {}, references: new Map(), cleared: [], columnOf: new Map() }
  for (const [name, given] of row.cells) {
    const column = columns(name)
    if ('code' in column) {
      // Of a CSV file it is told once, of the header.
      if (!isCsv) complain(entry, column)
      continue
    }
    const value = isCsv ? unguardFormula(String(given)) : given
    takeCell(model, { entry, cells, column, name }, isCsv && given === '' ? undefined : value)
  }
  entry.cleared = cells.cleared.filter((name) => !cells.references.has(name))
  entry.values = parseBody(model, entry, cells)
  return { entry, references: cells.references }
}

type Place = { entry: Entry; cells: Cells; column: Column; name: string }

/** @param value undefined for an empty cell. */
function takeCell(model: Model, { entry, cells, column, name }: Place, value: unknown): void {
  if (column.role === 'ignored') return
  if (column.role !== 'member' && column.role !== 'attribute') {
    if (value === undefined || value === null) return
    const number = Number(value)
    if (Number.isSafeInteger(number) && number > 0) entry[column.role] = number
    else complain(entry, { column: name, code: 'invalid_value', message: 'A whole number is expected.' })
    return
  }
  const { member } = column
  const field = fieldOf(model, member)
  cells.columnOf.set(member, name)
  if (column.role === 'attribute') {
    if (value === undefined || value === null) cells.cleared.push(member)
    else takeAttribute(cells, { member, path: column.path, name }, value)
  } else if (value === undefined) cells.cleared.push(member)
  else if (field?.kind === 'ref' || field?.kind === 'refs') {
    if (value === null && customNameOf(member) === undefined && !(field.kind === 'ref' && isOptional(field)))
      complain(entry, { column: name, code: 'invalid_value', message: 'This field may not be null.' })
    else cells.references.set(member, { column: name, given: value })
  } else if (field === undefined) cells.body[member] = member === 'custom_fields' ? plainObject(value) : value
  else {
    const read = readCell(field, value)
    if ('value' in read) setMember(cells.body, member, read.value)
    else
      complain(entry, { column: name, code: read.code, message: read.problem, suggestion: read.suggestion })
  }
}

function takeAttribute(
  { references }: Cells,
  { member, path, name }: { member: string; path: readonly string[]; name: string },
  value: unknown,
): void {
  const known = references.get(member)
  const attributes: Record<string, unknown> =
    known !== undefined && known.given !== null && typeof known.given === 'object'
      ? (known.given as Record<string, unknown>)
      : {}
  let at = attributes
  for (const part of path.slice(0, -1)) {
    const inner = (at[part] ?? {}) as Record<string, unknown>
    at[part] = inner
    at = inner
  }
  at[path.at(-1) ?? ''] = value
  references.set(member, { column: known?.column ?? name, given: attributes })
}

/** What the model's schema lets through; what it complains of is left out, so that the rest is still looked at. */
function parseBody(model: Model, entry: Entry, { body, columnOf }: Cells): Record<string, unknown> {
  const first = parseInput(model, body, 'patch')
  if (first.issues.length === 0) return first.values
  const wrong = new Set<string>()
  for (const { path, message } of first.issues) {
    const [field = '', custom] = path.split('.')
    const member = field === 'custom_fields' && custom !== undefined ? customPath(custom) : field
    wrong.add(field)
    const column = columnOf.get(member) ?? (member === '' ? null : member)
    complain(entry, { column, code: 'invalid_value', message })
  }
  const rest = Object.entries(body).filter(([member]) => !wrong.has(member))
  return parseInput(model, Object.fromEntries(rest), 'patch').values
}

/** A field of the model, or one that users gave it (`custom_fields.<name>`). */
export function fieldOf(model: Model, member: string): Field | undefined {
  const custom = customNameOf(member)
  if (custom === undefined) return model.fields[member]
  return customFieldsOf(model).find(({ name }) => name === custom)?.field
}

/** Puts a value where its member says, into `custom_fields` for one of those. */
export function setMember(values: Record<string, unknown>, member: string, value: unknown): void {
  const custom = customNameOf(member)
  if (custom === undefined) values[member] = value
  else values['custom_fields'] = { ...(values['custom_fields'] as object | undefined), [custom]: value }
}

/** All custom fields of a row in one cell are JSON. */
function plainObject(value: unknown): unknown {
  const read = typeof value === 'string' ? readCell({ kind: 'json', schema: z.unknown() }, value) : { value }
  return 'value' in read ? read.value : value
}

/** The members of a list of references: a list, or texts with commas between. */
export function referenceList(given: unknown): readonly unknown[] | undefined {
  if (Array.isArray(given)) return given
  if (typeof given === 'string') return splitList(given)
  return given !== null && typeof given === 'object'
    ? attributeLists(given as Record<string, unknown>)
    : undefined
}

/** `tags__slug` of "a,b": two objects with one attribute each. */
function attributeLists(given: Record<string, unknown>): Record<string, unknown>[] | undefined {
  const [[name, value] = ['', undefined], ...others] = Object.entries(given)
  if (others.length > 0 || typeof value !== 'string') return undefined
  return splitList(value)?.map((one) => ({ [name]: one }))
}

export const noRows = (source: Source): ImportIssue[] =>
  source.rows.length === 0 && source.issues.length === 0
    ? [fileIssue('unreadable', 'The file has no rows.')]
    : []
