import { AppError } from '../errors.ts'
import { keys } from '../table/keys.ts'
import type { Model, OnDelete, Row } from './define.ts'
import { restrictions } from './deletion.ts'
import {
  addMember,
  followCascades,
  outsideReferences,
  ruleOf,
  type Member,
  type Members,
  type ReferenceItem,
} from './deletion-members.ts'
import type { Engine } from './engine.ts'
import { publicRow, storedSchema } from './rows.ts'

/** Objects of one kind that a deletion touches, by the field that refers to something that goes. */
export type ImpactGroup = {
  model: Model
  /** The field of these objects, and the model of what it refers to. */
  field: string
  refersTo: string
  count: number
  /** The first ones. */
  rows: Row[]
}

export type Impact = {
  /** Why the deletion would be refused; undefined where it would not. */
  problem: string | undefined
  /** Keep the object from being deleted. */
  restricted: ImpactGroup[]
  /** Go with it. */
  deleted: ImpactGroup[]
  /** Stay, without the reference. */
  cleared: ImpactGroup[]
  /** False where there is more than was looked at. */
  isComplete: boolean
}

/** Objects that are named of each group. */
const namedMax = 20

/**
 * What deleting a row would do, by the code that does it (`shared/model/deletion.ts`), with nothing closed or changed.
 * What others do in between can make it different.
 */
export async function impactOf(engine: Engine, model: Model, row: Row): Promise<Impact> {
  const members: Members = new Map()
  const problem = await problemOf(engine, members, { model, row })
  const all = [...members.values()].flatMap((member) =>
    referencesOf(engine, members, member).map((found) => ({ ...found, member })),
  )
  const groupsOf = (rule: OnDelete): Promise<ImpactGroup[]> =>
    group(
      engine,
      all.filter((one) => one.rule === rule),
    )
  const [restricted, deleted, cleared] = await Promise.all([
    groupsOf('restrict'),
    groupsOf('cascade'),
    groupsOf('clear'),
  ])
  const isComplete = problem?.isPartial !== true && ![...members.values()].some(({ isCut }) => isCut)
  return { problem: problem?.detail, restricted, deleted, cleared, isComplete }
}

async function problemOf(
  engine: Engine,
  members: Members,
  { model, row }: { model: Model; row: Row },
): Promise<{ detail: string; isPartial: boolean } | undefined> {
  try {
    await addMember(engine, members, { model, row, closes: false })
    await followCascades(engine, members, false)
    const [first] = restrictions(engine, members, [{ id: row.id }])
    return first && { detail: first.issues[0]?.message ?? 'It is in use.', isPartial: false }
  } catch (cause) {
    const isRefusal = cause instanceof AppError && (cause.code === 'too_large' || cause.code === 'in_use')
    if (!isRefusal) throw cause
    return { detail: cause.message, isPartial: cause.code === 'too_large' }
  }
}

type Found = { reference: ReferenceItem; rule: OnDelete }

/** The references to a member: those of objects that stay, and those by which others go with it. */
function referencesOf(engine: Engine, members: Members, member: Member): Found[] {
  const outside = new Set(outsideReferences(members, member))
  return member.references.flatMap((reference) => {
    const rule = ruleOf(engine, reference)
    // What goes anyhow, and refers to something else that goes, is told once, by the reference it follows.
    if (!outside.has(reference) && rule !== 'cascade') return []
    return [{ reference, rule }]
  })
}

async function group(engine: Engine, found: readonly (Found & { member: Member })[]): Promise<ImpactGroup[]> {
  const groups = Map.groupBy(
    found,
    ({ reference, member }) => `${reference.child} ${reference.field} ${member.model.name}`,
  )
  return Promise.all(
    [...groups.values()].map(async (references) => {
      const [first] = references
      if (first === undefined) throw new Error('an empty group')
      const model = engine.registry.get(first.reference.child)
      const ids = [...new Set(references.map(({ reference }) => reference.childId))].sort((a, b) => a - b)
      const stored = await engine.table.getMany(
        storedSchema(model),
        ids.slice(0, namedMax).map((id) => keys.entity(model.name, id)),
      )
      return {
        model,
        field: first.reference.field,
        refersTo: first.member.model.name,
        count: ids.length,
        rows: stored.flatMap((row) => (row === undefined ? [] : [publicRow(model, row)])),
      }
    }),
  )
}
