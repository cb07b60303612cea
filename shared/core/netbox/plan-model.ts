import { isBad, type Entry, type LineStatus } from '../../imports/entries.ts'
import { fileIssue, type ImportIssue } from '../../imports/issues.ts'
import type { ImportMode } from '../../imports/modes.ts'
import { plannedRow, type PlannedRow } from '../../imports/plan.ts'
import { validateRows } from '../../imports/validate.ts'
import { changedFields, type Actor } from '../../model/change.ts'
import { bindModel } from '../../model/custom-fields.ts'
import type { Model, Row } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { displayOf } from '../../model/rows.ts'

/** A row of what an import would read, and of what of NetBox it comes. */
export type Wanted = { display: string; upstreamId: number | null; cells: Readonly<Record<string, unknown>> }

export type Planned<W extends Wanted = Wanted> = {
  wanted: W
  /** Undefined where it is not known which object it would be. */
  objectId: number | undefined
  status: LineStatus
  issues: ImportIssue[]
  entry: Entry
}

export type PlanOptions = {
  mode: ImportMode
  actor: Pick<Actor, 'userId'>
  /** Has the last word on what a row makes of an object. */
  settle?: (entry: Entry) => void
}

/** Checks rows of a model as an import does. Nothing is written. */
export async function planModel<W extends Wanted>(
  engine: Engine,
  given: Model,
  wanted: readonly W[],
  { mode, actor, settle }: PlanOptions,
): Promise<Planned<W>[]> {
  if (wanted.length === 0) return []
  const model = await bindModel(engine, given)
  const rows = wanted.map(({ cells }, index) => ({ index, line: index + 1, cells: Object.entries(cells) }))
  const { entries, statusOf, fileIssues } = await validateRows(engine, model, {
    source: { rows, issues: [] },
    mode,
    actor,
  })
  const [fault] = fileIssues
  if (fault !== undefined) throw new Error(`rows of a sync cannot be read: ${fault.message}`)
  return entries.flatMap((entry, at) => {
    const one = wanted[at]
    if (one === undefined) return []
    if (!isBad(entry)) settle?.(entry)
    const issues = entry.issues.map((issue) => issueOf(model, one, issue))
    return [{ wanted: one, objectId: entry.objectId, status: statusOf(entry), issues, entry }]
  })
}

/** A sync has no lines: its errors tell the object. */
export function issueOf(
  { label }: Pick<Model, 'label'>,
  { display, upstreamId }: Pick<Wanted, 'display' | 'upstreamId'>,
  issue: Pick<ImportIssue, 'column' | 'code' | 'message' | 'suggestion'>,
): ImportIssue {
  const which = upstreamId === null ? display : `${display} (id ${upstreamId} of NetBox)`
  const { column, code, message, suggestion } = issue
  const where = column === null ? '' : `${column}: `
  return { ...fileIssue(code, `${label} ${which}: ${where}${message}`), column, suggestion }
}

export const isWritten = ({ status }: Pick<Planned, 'status'>): boolean =>
  status === 'create' || status === 'change'

/** By their places in the list that is given. */
export const rowsOf = (planned: readonly Planned[]): PlannedRow[] =>
  planned.map(({ entry }, index) => ({ ...plannedRow(entry), index }))

type FieldChange = { before?: unknown; after: unknown }
export type ObjectChange = {
  model: string
  action: 'create' | 'change'
  /** Null of an object that is not there yet. */
  object_id: number | null
  upstream_id: number | null
  display: string
  fields: Record<string, FieldChange>
}

/** What would be written, field by field, with names in the place of ids. */
export function changesOf(engine: Engine, model: Model, planned: readonly Planned[]): ObjectChange[] {
  return planned.filter(isWritten).map(({ wanted, entry }) => {
    const { before, after } = entry
    const names = before === undefined ? Object.keys(wanted.cells) : changedFields(before, after as Row)
    const shown = (row: Row | undefined, name: string): unknown =>
      shownValue(engine, model, name, row?.[name])
    const fields = names.flatMap((name): [string, FieldChange][] => {
      const field = model.fields[name]
      // What follows from other fields is not what is asked about.
      if (field === undefined || field.hidden === true || field.readOnly === true) return []
      const change = { after: shown(after, name) }
      return [[name, before === undefined ? change : { before: shown(before, name), ...change }]]
    })
    return {
      model: model.name,
      action: before === undefined ? 'create' : 'change',
      object_id: before?.id ?? null,
      upstream_id: wanted.upstreamId,
      display: wanted.display,
      fields: Object.fromEntries(fields),
    }
  })
}

function shownValue(engine: Engine, model: Model, name: string, value: unknown): unknown {
  const field = model.fields[name]
  if (field?.kind !== 'ref' && field?.kind !== 'refs') return value ?? null
  const target = engine.registry.get(field.to)
  const { rows } = engine.catalogs.of(target)
  const nameOf = (id: unknown): unknown => {
    const row = rows.get(Number(id))
    return row === undefined ? (id ?? null) : displayOf(target, row)
  }
  return Array.isArray(value) ? value.map(nameOf) : nameOf(value)
}
