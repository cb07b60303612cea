import { AppError, type ErrorCode } from '../errors.ts'
import { keys } from '../table/keys.ts'
import type { Write } from '../table/table.ts'
import { changedFields } from './change.ts'
import type { InputOf, Model, Row, RowOf, StoredOf } from './define.ts'
import { bindModel } from './custom-fields.ts'
import { settleCustomFields } from './custom-values.ts'
import { healDeletions } from './deletion-intent.ts'
import type { Engine, WriteOptions } from './engine.ts'
import { writeContext } from './engine.ts'
import type { Fields } from './fields.ts'
import { prepareCreates, prepareUpdates } from './incoming.ts'
import { examine, type Draft } from './prepare.ts'
import { problemOf, rejectProblems, type RowProblem } from './problems.ts'
import { changeRow } from './row-changes.ts'
import { publicRow, storedSchema } from './rows.ts'
import { packWrites } from './pack-writes.ts'
import { createWrites, referencesOf, updateWrites } from './writes.ts'

/** How often a write that lost a race is tried on fresh data. */
const racesMax = 20
/** Lost races: the next look at the data finds out what to do. */
const raceCodes: ReadonlySet<ErrorCode> = new Set([
  'duplicate',
  'reference_missing',
  'version_conflict',
  'write_conflict',
])
/** A write that met others until its retries ran out has taken its time: it is not tried as often as the rest. */
const conflictWeight = 7

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
    writesOf: (context, { after }) => createWrites(context, model, after),
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
    writesOf: (context, { before, after }) =>
      before === undefined || before === after ? [] : updateWrites(context, model, { before, after }),
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

type Work = {
  count: number
  /** Ids are drawn by each draft: one that is taken is drawn again. */
  idsAreFresh: boolean
  /** The drafts from this row on, from fresh data. */
  draft: (from: number) => Promise<Draft[]>
  writesOf: (context: ReturnType<typeof writeContext>, draft: Draft) => Write[]
}

/** Drafts, examines and writes; what lost a race is drafted again. @returns the rows as stored. */
async function writeAll(engine: Engine, model: Model, options: WriteOptions, work: Work): Promise<Row[]> {
  const done: Draft[] = []
  let races = 0
  while (done.length < work.count) {
    const doneBefore = done.length
    const drafts = await work.draft(done.length)
    const { problems } = await examine(engine, model, drafts)
    rejectProblems(problems, options.bulk === true)
    try {
      await writePacks(engine, options, { drafts, work, done })
    } catch (cause) {
      // Whoever gets on has not lost: only races without a single row written count.
      if (!(cause instanceof AppError)) throw cause
      const weight = cause.code === 'write_conflict' ? conflictWeight : 1
      races = done.length > doneBefore ? weight : races + weight
      if (races >= racesMax) throw cause
      const isRace = raceCodes.has(cause.code) || (work.idsAreFresh && cause.code === 'id_taken')
      if (!isRace) throw cause
      if (cause.code === 'reference_missing')
        await healDeletions(
          engine,
          drafts.flatMap(({ after }) => referencesOf(model, after)),
        )
    }
  }
  await model.effects?.(engine, done, options)
  return done.map(({ after }) => after)
}

async function writePacks(
  engine: Engine,
  options: WriteOptions,
  { drafts, work, done }: { drafts: readonly Draft[]; work: Work; done: Draft[] },
): Promise<void> {
  const context = writeContext(engine, options)
  const together = options.together?.(drafts.map(({ after }) => after)) ?? []
  const packs = packWrites([...drafts.entries()], ([index, draft]) => [
    ...(index === 0 ? together : []),
    ...work.writesOf(context, draft),
    ...(draft.more ?? []),
  ])
  let next = 0
  for (const { rows, writes } of packs) {
    if (options.together !== undefined && rows < drafts.length)
      throw new AppError('too_large', 'These rows do not fit one transaction.')
    await engine.table.write(writes)
    done.push(...drafts.slice(next, next + rows))
    next += rows
  }
}
