import { AppError, type ErrorCode } from '../errors.ts'
import type { Model, Row } from '../model/define.ts'
import type { Engine, WriteOptions } from '../model/engine.ts'
import { createRows, updateRows } from '../model/records.ts'
import { storedSchema } from '../model/rows.ts'
import { steadyJson } from '../model/steady-json.ts'
import { keys } from '../table/keys.ts'
import { issueAt, type ImportIssue, type IssueCode } from './issues.ts'
import type { PartNote } from './job-notes.ts'
import type { PlannedRow } from './plan.ts'

/** Rows of one call of the engine, which fills transactions with them. */
const batchRows = 100
/** Faults that may pass: the part is tried again as a whole. */
const passing: ReadonlySet<ErrorCode> = new Set(['parent_changed', 'write_conflict', 'unavailable'])

/**
 * Writes one part of a plan. Rows that an earlier attempt wrote are found by the ids and versions of the plan and
 * counted, so it may be called any number of times. A row that someone else made impossible since it was checked
 * fails alone.
 * @throws AppError `parent_changed`, `write_conflict`, `unavailable`: call it again.
 */
export async function applyPart(
  engine: Engine,
  model: Model,
  { rows, options }: { rows: readonly PlannedRow[]; options: WriteOptions },
): Promise<PartNote> {
  const failures: ImportIssue[] = []
  const changes = rows.filter(({ change }) => change !== undefined)
  const creations = rows.filter(({ change }) => change === undefined)
  // Changes first: they may give up a unique value that a new object takes.
  for (const batch of batchesOf(changes)) failures.push(...(await changeBatch(engine, model, batch, options)))
  for (const batch of batchesOf(creations))
    failures.push(...(await createBatch(engine, model, batch, options)))
  const failed = new Set(failures.map(({ index }) => index))
  const count = (of: readonly PlannedRow[]): number => of.filter(({ index }) => !failed.has(index)).length
  return { created: count(creations), changed: count(changes), failures }
}

function batchesOf(rows: readonly PlannedRow[]): PlannedRow[][] {
  return Array.from({ length: Math.ceil(rows.length / batchRows) }, (_, batch) =>
    rows.slice(batch * batchRows, (batch + 1) * batchRows),
  )
}

async function createBatch(
  engine: Engine,
  model: Model,
  rows: readonly PlannedRow[],
  options: WriteOptions,
): Promise<ImportIssue[]> {
  const create = (some: readonly PlannedRow[]): Promise<unknown> =>
    createRows(
      engine,
      model,
      some.map(({ values }) => values as Record<string, never>),
      {
        ...options,
        bySystem: true,
        prepared: true,
        bulk: true,
        ids: some.map(({ id }) => id),
      },
    )
  try {
    await create(rows)
    return []
  } catch (cause) {
    rejectPassing(cause)
  }
  const there = await storedRows(engine, model, rows)
  const missing = rows.filter(({ id }) => !there.has(id))
  return oneByOne(missing, (row) => create([row]))
}

async function changeBatch(
  engine: Engine,
  model: Model,
  rows: readonly PlannedRow[],
  options: WriteOptions,
): Promise<ImportIssue[]> {
  const change = (some: readonly PlannedRow[]): Promise<unknown> =>
    updateRows(
      engine,
      model,
      some.map(({ id, values, change: planned }) => ({
        id,
        values: values as Record<string, never>,
        version: planned?.version,
      })),
      { ...options, bySystem: true, prepared: true, bulk: true },
    )
  try {
    await change(rows)
    return []
  } catch (cause) {
    rejectPassing(cause)
  }
  const there = await storedRows(engine, model, rows)
  const left = rows.filter(({ id, values }) => !isAsPlanned(there.get(id), values))
  return oneByOne(left, (row) => change([row]))
}

const isAsPlanned = (row: Row | undefined, values: Readonly<Record<string, unknown>>): boolean =>
  row !== undefined &&
  Object.entries(values).every(([name, value]) => steadyJson(row[name] ?? null) === steadyJson(value ?? null))

async function storedRows(
  engine: Engine,
  model: Model,
  rows: readonly PlannedRow[],
): Promise<Map<number, Row>> {
  const found = await engine.table.getMany(
    storedSchema(model),
    rows.map(({ id }) => keys.entity(model.name, id)),
  )
  return new Map(found.flatMap((row) => (row === undefined ? [] : [[row.id, row] as const])))
}

async function oneByOne(
  rows: readonly PlannedRow[],
  write: (row: PlannedRow) => Promise<unknown>,
): Promise<ImportIssue[]> {
  const failures: ImportIssue[] = []
  for (const row of rows) {
    try {
      await write(row)
    } catch (cause) {
      rejectPassing(cause)
      failures.push(failureOf(row, cause as AppError))
    }
  }
  return failures
}

/** @throws what is not the row's own fault. */
function rejectPassing(cause: unknown): void {
  if (!(cause instanceof AppError) || passing.has(cause.code)) throw cause
}

const codes: Partial<Record<ErrorCode, IssueCode>> = {
  duplicate: 'duplicate',
  id_taken: 'duplicate',
  reference_missing: 'reference_not_found',
  version_conflict: 'version_conflict',
  not_found: 'version_conflict',
}

function failureOf(row: PlannedRow, cause: AppError): ImportIssue {
  const errors = (cause.extra as { errors?: { errors: Record<string, string[]> }[] }).errors?.[0]?.errors
  const [[column, [message = cause.message]] = [null, [cause.message]]] = Object.entries(errors ?? {})
  const isWhole = column === 'non_field_errors' || column === 'id' || column === '_version'
  return issueAt(row, { column: isWhole ? null : column, code: codes[cause.code] ?? 'rule', message })
}
