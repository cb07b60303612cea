import { AppError, type ErrorCode } from '../errors.ts'
import type { Write } from '../table/table.ts'
import type { Model, Row } from './define.ts'
import { healDeletions, pause } from './deletion-intent.ts'
import { writeContext, type Engine, type WriteOptions } from './engine.ts'
import { portionsOf, whileClosed } from './frozen-change.ts'
import { packWrites } from './pack-writes.ts'
import { examine, type Draft } from './prepare.ts'
import { rejectProblems } from './problems.ts'
import { referencesOf } from './writes.ts'

/** How often a write that lost a race is tried on fresh data. */
const racesMax = 20
/** Lost races: the next look at the data finds out what to do. */
const raceCodes: ReadonlySet<ErrorCode> = new Set([
  'duplicate',
  'parent_changed',
  'reference_missing',
  'version_conflict',
  'write_conflict',
])
/** A write that met others until its retries ran out has taken its time: it is not tried as often as the rest. */
const conflictWeight = 7

export type Work = {
  count: number
  /** Ids are drawn by each draft: one that is taken is drawn again. */
  idsAreFresh: boolean
  /** The drafts from this row on, from fresh data. */
  draft: (from: number) => Promise<Draft[]>
  writesOf: (context: ReturnType<typeof writeContext>, draft: Draft) => Write[]
}

/** Drafts, examines and writes; what lost a race is drafted again. @returns the rows as stored. */
export async function writeAll(
  engine: Engine,
  model: Model,
  options: WriteOptions,
  work: Work,
): Promise<Row[]> {
  const done: Draft[] = []
  let races = 0
  while (done.length < work.count) {
    const doneBefore = done.length
    const drafts = await work.draft(done.length)
    const { problems } = await examine(engine, model, drafts)
    rejectProblems(problems, options.bulk === true)
    try {
      await writeDrafts(engine, model, options, { drafts, work, done })
    } catch (cause) {
      // Whoever gets on has not lost: only races without a single row written count.
      if (!(cause instanceof AppError)) throw cause
      const weight = cause.code === 'write_conflict' ? conflictWeight : 1
      races = done.length > doneBefore ? weight : races + weight
      if (races >= racesMax) throw cause
      const isRace = raceCodes.has(cause.code) || (work.idsAreFresh && cause.code === 'id_taken')
      if (!isRace) throw cause
      await makeWay(engine, model, { drafts, code: cause.code, races })
    }
  }
  await model.effects?.(engine, done, options)
  return done.map(({ after }) => after)
}

/** A parent is missed: it is being deleted, or was changed, perhaps for a while yet. */
async function makeWay(
  engine: Engine,
  model: Model,
  { drafts, code, races }: { drafts: readonly Draft[]; code: ErrorCode; races: number },
): Promise<void> {
  if (code !== 'reference_missing' && code !== 'parent_changed') return
  await healDeletions(
    engine,
    drafts.flatMap(({ after }) => referencesOf(model, after)),
  )
  if (code === 'parent_changed') await pause(engine, races)
}

async function writeDrafts(
  engine: Engine,
  model: Model,
  options: WriteOptions,
  { drafts, work, done }: { drafts: readonly Draft[]; work: Work; done: Draft[] },
): Promise<void> {
  const together = options.together?.(drafts.map(({ after }) => after)) ?? []
  const [first] = drafts
  for (const portion of portionsOf(model, drafts)) {
    await whileClosed(engine, model, portion, async () => {
      const context = writeContext(engine, options)
      const packs = packWrites(portion, (draft) => [
        ...(draft === first ? together : []),
        ...work.writesOf(context, draft),
        ...(draft.more ?? []),
      ])
      let next = 0
      for (const { rows, writes } of packs) {
        if (options.together !== undefined && rows < drafts.length)
          throw new AppError('too_large', 'These rows do not fit one transaction.')
        await engine.table.write(writes)
        done.push(...portion.slice(next, next + rows))
        next += rows
      }
    })
  }
}
