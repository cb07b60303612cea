import { keys } from '../table/keys.ts'
import { changedFields } from './change.ts'
import type { InputOf, Model, Row, RowOf, StoredOf } from './define.ts'
import { bindModel } from './custom-fields.ts'
import { settleCustomFields } from './custom-values.ts'
import type { Engine, WriteOptions } from './engine.ts'
import type { Fields } from './fields.ts'
import { prepareCreates, prepareUpdates } from './incoming.ts'
import { attachedOf, type Draft } from './prepare.ts'
import { problemOf, rejectProblems, type RowProblem } from './problems.ts'
import { changeRow } from './row-changes.ts'
import { publicRow, storedSchema } from './rows.ts'
import { writeAll } from './write-all.ts'
import { createWrites, updateWrites } from './writes.ts'

/** The row as it may be shown, or undefined. */
export async function getRow<F extends Fields>(
  engine: Engine,
  model: Model<F>,
  id: number,
): Promise<RowOf<Model<F>> | undefined> {
  const stored = await getStored(engine, model, id)
  return stored && publicRow(model, stored as Row)
}

/** The row with its secrets sealed, or undefined. */
export const getStored = async <F extends Fields>(
  engine: Pick<Engine, 'table'>,
  model: Model<F>,
  id: number,
): Promise<StoredOf<Model<F>> | undefined> =>
  engine.table.get(storedSchema(model), keys.entity(model.name, id))

export type CreateOptions = WriteOptions & {
  /** Ids that are known before, in the order of the rows: a second creation under one is refused as `id_taken`. */
  ids?: readonly number[]
  /** The rows are complete: parsed, with defaults and ids for references, secrets sealed. */
  prepared?: boolean
}

/**
 * Creates rows, each with its guards, references and change record in one transaction. Rows that fit one transaction
 * together are all or none; beyond that they are applied in chunks, in order.
 * @throws AppError `validation_failed`, `duplicate`, `reference_missing` before anything is written; `write_conflict`.
 */
export async function createRows<F extends Fields>(
  engine: Engine,
  given: Model<F>,
  inputs: readonly InputOf<F>[],
  options: CreateOptions,
): Promise<RowOf<Model<F>>[]> {
  const model = await bindModel(engine, given)
  const values = options.prepared === true ? inputs : await prepareCreates(engine, model, inputs, options)
  const draftOf = (value: Record<string, unknown>, place: { index: number }): Draft => {
    const at = engine.now().toISOString()
    const id = options.ids?.[place.index] ?? engine.ids.next()
    const after = { id, version: 1, created: at, last_updated: at, ...value }
    return { place, before: undefined, after: settleCustomFields(model, after) }
  }
  const written = await writeAll(engine, model, options, {
    count: values.length,
    idsAreFresh: options.ids === undefined,
    draft: async (from) => values.slice(from).map((value, index) => draftOf(value, { index: from + index })),
    writesOf: (context, draft) => createWrites(context, model, attachedOf(draft)),
  })
  return written.map((row) => publicRow(model, row))
}

export type RowUpdate<F extends Fields = Fields> = {
  id: number
  values: InputOf<F>
  /** Refuse when the row has another version. */
  version?: number | undefined
}

/**
 * Changes rows; a row that already is as it shall be stays untouched.
 * @param options.replace every field without a default must be given (PUT); what is left out keeps its value.
 * @throws AppError as `createRows`; `not_found`; `version_conflict` where a version was given and is not current.
 */
export async function updateRows<F extends Fields>(
  engine: Engine,
  given: Model<F>,
  updates: readonly RowUpdate<F>[],
  options: WriteOptions & { replace?: boolean; prepared?: boolean },
): Promise<RowOf<Model<F>>[]> {
  const model = await bindModel(engine, given)
  const bulk = options.bulk === true
  rejectRepeatedIds(updates, options)
  const values =
    options.prepared === true
      ? updates.map((update) => update.values)
      : await prepareUpdates(engine, model, updates, options)
  const written = await writeAll(engine, model, options, {
    count: updates.length,
    idsAreFresh: false,
    draft: async (from) =>
      draftUpdates(engine, model, { updates: updates.slice(from), values: values.slice(from), bulk }),
    writesOf: (context, draft) => {
      const { before, after } = draft
      return before === undefined || before === after
        ? []
        : updateWrites(context, model, { ...attachedOf(draft), before })
    },
  })
  return written.map((row) => publicRow(model, row))
}

function rejectRepeatedIds(updates: readonly { id: number }[], options: WriteOptions): void {
  const seen = new Set<number>()
  for (const { id } of updates) {
    const issues = seen.has(id) ? [{ path: 'id', message: 'This id is in the list twice.' }] : []
    rejectProblems(problemOf({ id }, issues), options.bulk === true)
    seen.add(id)
  }
}

async function draftUpdates(
  engine: Engine,
  model: Model,
  {
    updates,
    values,
    bulk,
  }: { updates: readonly RowUpdate[]; values: readonly Record<string, unknown>[]; bulk: boolean },
): Promise<Draft[]> {
  const found = await engine.table.getMany(
    storedSchema(model),
    updates.map(({ id }) => keys.entity(model.name, id)),
  )
  const at = engine.now().toISOString()
  rejectProblems(
    updates.flatMap((update, index) => staleProblem(model, update, found[index])),
    bulk,
  )
  return updates.flatMap(({ id }, index): Draft[] => {
    const before = found[index]
    if (before === undefined) return []
    const changed = changeRow(model, before, values[index] ?? {})
    const isSame = changedFields(before, changed).length === 0
    const next = { ...changed, version: before.version + 1, last_updated: at }
    return [{ place: { id }, before, after: isSame ? before : settleCustomFields(model, next) }]
  })
}

function staleProblem(model: Model, { id, version }: RowUpdate, current: Row | undefined): RowProblem[] {
  if (current === undefined) {
    return problemOf({ id }, [{ path: 'id', message: noRow(model, id) }], 'not_found')
  }
  if (version === undefined || version === current.version) return []
  const message = `The current version is ${current.version}, not ${version}.`
  const extra = { etag: etagOf(current) }
  return [{ place: { id }, code: 'version_conflict', issues: [{ path: '_version', message }], extra }]
}

export const noRow = (model: Model, id: number): string =>
  `There is no ${model.label.toLowerCase()} with the id ${id}.`

/** A strong validator: the version changes with every byte that is shown of the row itself. */
export const etagOf = (row: { version: number }): string => `"${row.version}"`
