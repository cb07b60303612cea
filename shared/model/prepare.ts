import * as z from 'zod'
import type { Issue } from '../errors.ts'
import { publicRow } from './rows.ts'
import type { Model, Row } from './define.ts'
import type { Engine } from './engine.ts'
import { problemOf, type Place, type RowProblem } from './problems.ts'
import { knownKey, missingReferences, readReferences, type Known } from './references.ts'
import { guardsOf } from './writes.ts'

/** A row as it shall be, beside what it was. */
export type Draft = { place: Place; before: Row | undefined; after: Row }

export const GuardItem = z.object({ owner: z.number() })

/** Encrypts or hashes the secrets that were given, once, before anything is tried or retried. */
export async function sealSecrets(
  engine: Engine,
  model: Model,
  values: Record<string, unknown>,
): Promise<void> {
  for (const [name, field] of Object.entries(model.fields)) {
    const given = values[name]
    if (field.kind !== 'secret' || typeof given !== 'string') continue
    values[name] = await (field.hash ?? engine.seal)(given)
  }
}

/**
 * Looks at everything that can be wrong with rows before they are written, so that each row gets its own answer.
 * The transaction's conditions decide in the end: between this look and the write others may be faster.
 */
export async function examine(
  engine: Engine,
  model: Model,
  drafts: readonly Draft[],
): Promise<{ problems: RowProblem[]; known: Known }> {
  const afters = drafts.map(({ after }) => after)
  const [known, taken] = await Promise.all([
    readReferences(engine, model, afters),
    takenValues(engine, model, drafts),
  ])
  const problems = drafts.flatMap((draft) => {
    const missing = missingReferences(engine.registry, model, draft.after, known)
    if (missing.length > 0) return problemOf(draft.place, missing)
    return [
      ...problemOf(draft.place, ruleIssues(model, draft.after, known)),
      ...problemOf(draft.place, taken.get(draft) ?? [], 'duplicate'),
    ]
  })
  return { problems, known }
}

function ruleIssues(model: Model, after: Row, known: Known): readonly Issue[] {
  if (model.check === undefined) return []
  const refs: Record<string, Row | undefined> = {}
  for (const [name, field] of Object.entries(model.fields)) {
    const id = after[name]
    if (field.kind === 'ref' && typeof id === 'number') refs[name] = known.get(knownKey(field.to, id))
  }
  return model.check(publicRow(model, after), refs)
}

/** Unique values that another object holds, or another row of the same request asks for. */
async function takenValues(
  engine: Engine,
  model: Model,
  drafts: readonly Draft[],
): Promise<Map<Draft, Issue[]>> {
  const wanted = drafts.flatMap((draft) => guardsOf(model, draft.after).map((guard) => ({ draft, guard })))
  const held = await engine.table.getMany(
    GuardItem,
    wanted.map(({ guard }) => guard.key),
  )
  // A row of this request that gives the value up makes room for another.
  const released = new Set(
    drafts.flatMap(({ before, after }) => (before === undefined ? [] : releasedKeys(model, before, after))),
  )
  const asked = new Map<string, Draft>()
  const issues = new Map<Draft, Issue[]>()
  for (const [index, { draft, guard }] of wanted.entries()) {
    const { pk } = guard.key
    const owner = held[index]?.owner
    const isTaken = owner !== undefined && owner !== draft.after.id && !released.has(pk)
    if (isTaken || asked.has(pk)) {
      const issue = { path: guard.fields.at(-1) ?? '', message: takenMessage(model, guard.fields) }
      issues.set(draft, [...(issues.get(draft) ?? []), issue])
    }
    asked.set(pk, draft)
  }
  return issues
}

function releasedKeys(model: Model, before: Row, after: Row): string[] {
  const kept = new Set(guardsOf(model, after).map(({ key }) => key.pk))
  return guardsOf(model, before).flatMap(({ key }) => (kept.has(key.pk) ? [] : [key.pk]))
}

const takenMessage = (model: Model, fields: readonly string[]): string =>
  `${model.label} with this ${fields.join(' and ')} already exists.`
