import { AppError, type Issue } from '../errors.ts'
import { keys } from '../table/keys.ts'
import { cellReleases } from './cells.ts'
import { clearReferences } from './clearing.ts'
import type { Model, Row } from './define.ts'
import { reopen, endDeletion } from './deletion-intent.ts'
import {
  addMember,
  clearedMax,
  followCascades,
  memberKey,
  outsideReferences,
  ruleOf,
  type Member,
  type Members,
  type ReferenceItem,
} from './deletion-members.ts'
import { writeContext, type Engine, type WriteOptions } from './engine.ts'
import { problemOf, rejectProblems, type RowProblem } from './problems.ts'
import { etagOf, noRow } from './records.ts'
import { storedSchema } from './rows.ts'
import { packWrites } from './pack-writes.ts'
import { removeWrites } from './writes.ts'

/** How many dependants an error names. */
const namedMax = 5
/** A row may be changed by others while it is being deleted. */
const racesMax = 5

export type RowDeletion = {
  id: number
  /** Refuse when the row has another version. */
  version?: number | undefined
}

/**
 * Deletes rows. Each is closed first, so that nothing can attach any more; then its references are read with
 * certainty, and each is refused, cleared or followed as the child's model says; only then the rows go. A refusal
 * puts everything back.
 * @throws AppError `in_use` naming dependants, `not_found`, `version_conflict`, `too_large`, `write_conflict`.
 */
export async function deleteRows(
  engine: Engine,
  model: Model,
  deletions: readonly RowDeletion[],
  options: WriteOptions,
): Promise<void> {
  const rows = await readWanted(engine, model, deletions, options)
  const members: Members = new Map()
  try {
    for (const [index, row] of rows.entries()) {
      await addMember(engine, members, { model, row, version: deletions[index]?.version })
    }
    await followCascades(engine, members)
    rejectProblems(restrictions(engine, members, deletions), options.bulk === true)
    await clearReferences(engine, members, options)
  } catch (cause) {
    await putBack(engine, members)
    throw cause
  }
  await finish(engine, members, options)
  await followEffects(engine, members, options)
}

async function followEffects(engine: Engine, members: Members, options: WriteOptions): Promise<void> {
  const byModel = Map.groupBy(members.values(), ({ model }) => model)
  for (const [model, deleted] of byModel) {
    const written = deleted.map(({ row }) => ({ before: row, after: undefined }))
    await model.effects?.(engine, written, options)
  }
}

async function readWanted(
  engine: Engine,
  model: Model,
  deletions: readonly RowDeletion[],
  options: WriteOptions,
): Promise<Row[]> {
  const found = await engine.table.getMany(
    storedSchema(model),
    deletions.map(({ id }) => keys.entity(model.name, id)),
  )
  const problems = deletions.flatMap(({ id, version }, index): RowProblem[] => {
    const row = found[index]
    if (row === undefined) return problemOf({ id }, [{ path: 'id', message: noRow(model, id) }], 'not_found')
    if (version === undefined || version === row.version) return []
    const message = `The current version is ${row.version}, not ${version}.`
    return [
      {
        place: { id },
        code: 'version_conflict',
        issues: [{ path: '_version', message }],
        extra: { etag: etagOf(row) },
      },
    ]
  })
  rejectProblems(problems, options.bulk === true)
  return found.filter((row) => row !== undefined)
}

/** References from outside the set that forbid the deletion. */
export function restrictions(
  engine: Engine,
  members: Members,
  deletions: readonly RowDeletion[],
): RowProblem[] {
  const asked = new Set(deletions.map(({ id }) => id))
  const [firstAsked] = deletions
  let cleared = 0
  const problems: RowProblem[] = []
  for (const member of members.values()) {
    const { model, row } = member
    const outside = outsideReferences(members, member)
    const restricting = outside.filter((reference) => ruleOf(engine, reference) === 'restrict')
    cleared += outside.length - restricting.length
    const id = asked.has(row.id) ? row.id : (firstAsked?.id ?? row.id)
    problems.push(...problemOf({ id }, restrictionIssues(engine, model, restricting), 'in_use'))
  }
  if (cleared > clearedMax)
    throw new AppError('in_use', `More than ${clearedMax} objects refer to it: take it off them first.`)
  return problems
}

function restrictionIssues(engine: Engine, model: Model, restricting: readonly ReferenceItem[]): Issue[] {
  if (restricting.length === 0) return []
  const names = restricting
    .slice(0, namedMax)
    .map(({ child, childId }) => `${engine.registry.get(child).label.toLowerCase()} ${childId}`)
  const more = restricting.length > namedMax ? ` and ${restricting.length - namedMax} more` : ''
  return [{ path: '', message: `This ${model.label.toLowerCase()} is in use by ${names.join(', ')}${more}.` }]
}

async function putBack(engine: Engine, members: Members): Promise<void> {
  for (const { model, row, token } of members.values()) {
    if (token !== undefined) await reopen(engine, model, row.id, token)
  }
}

/** Children first, so that at no time a row refers to one that is gone. */
async function finish(engine: Engine, members: Members, options: WriteOptions): Promise<void> {
  let left = [...members.values()].reverse()
  for (let race = 1; left.length > 0; race++) {
    const context = writeContext(engine, options)
    const releases = await cellReleases(engine, left)
    const packs = packWrites([...left.entries()], ([index, { model, row, token }]) => [
      ...removeWrites(context, model, row),
      ...(releases[index] ?? []),
      ...(token === undefined ? [] : [endDeletion(model, row.id, token)]),
    ])
    try {
      for (const { rows, writes } of packs) {
        await engine.table.write(writes)
        left = left.slice(rows)
      }
    } catch (cause) {
      const isStale = cause instanceof AppError && cause.code === 'version_conflict'
      const mayRefresh = left.every(({ version }) => version === undefined)
      if (!isStale || !mayRefresh || race >= racesMax) {
        await putBack(
          engine,
          new Map(left.map((member) => [memberKey(member.model.name, member.row.id), member])),
        )
        throw cause
      }
      left = await refreshed(engine, left)
    }
  }
}

/** Someone changed a row meanwhile: its guards and references may be others now. */
async function refreshed(engine: Engine, members: readonly Member[]): Promise<Member[]> {
  const fresh = await Promise.all(
    members.map(async (member) => {
      const row = await engine.table.get(
        storedSchema(member.model),
        keys.entity(member.model.name, member.row.id),
      )
      return row === undefined ? [] : [{ ...member, row }]
    }),
  )
  return fresh.flat()
}
