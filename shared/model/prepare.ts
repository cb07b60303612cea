import * as z from 'zod'
import { AppError, type Issue } from '../errors.ts'
import type { Key } from '../table/keys.ts'
import type { Write } from '../table/table.ts'
import { publicRow } from './rows.ts'
import { cellWrites } from './cells.ts'
import { customSizeIssues } from './custom-values.ts'
import type { Model, Refs, Row } from './define.ts'
import type { Engine } from './engine.ts'
import { problemOf, type Place, type RowProblem } from './problems.ts'
import { knownKey, missingReferences, readReferences, type Known } from './references.ts'
import { frozenIssues, treeChecks } from './standing-rules.ts'
import { tagScopeIssues } from './tag-scope.ts'
import { readStamps } from './stamps.ts'
import { guardsOf, referencesOf, type Stamps } from './writes.ts'

/** A row as it shall be, beside what it was. */
export type Draft = {
  place: Place
  before: Row | undefined
  after: Row
  /** Members of the row's transaction beyond its own items. */
  more?: Write[]
  /** Under which versions its parents were seen. */
  stamps?: Stamps
}

/** @throws Error for a draft that was not examined. */
export function attachedOf({ after, stamps }: Draft): { after: Row; stamps: Stamps } {
  if (stamps === undefined) throw new Error('a draft is written unexamined')
  return { after, stamps }
}

/** `until` (milliseconds) where a hold has the value, and no longer than that. */
export const GuardItem = z.object({
  owner: z.number(),
  until: z.number().optional(),
  version: z.number().optional(),
})
type GuardItem = z.infer<typeof GuardItem>

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
 * Fills in what follows, then looks at everything that can be wrong with rows before they are written, so that each
 * row gets its own answer. The transaction's conditions decide in the end: between this look and the write others
 * may be faster.
 */
export async function examine(
  engine: Engine,
  model: Model,
  drafts: readonly Draft[],
): Promise<{ problems: RowProblem[] }> {
  const known = await deriveRows(engine, model, drafts)
  const missing = drafts.flatMap((draft) =>
    problemOf(draft.place, missingReferences(engine.registry, model, draft.after, known)),
  )
  // Rules may rely on every reference leading somewhere.
  if (missing.length > 0) return { problems: missing }
  const changing = drafts.filter(({ before, after }) => before !== after)
  const [taken, ruled, cells] = await Promise.all([
    takenValues(engine, model, changing),
    rulesOver(engine, model, changing, known),
    cellWrites(engine, model, changing),
  ])
  const problems = changing.flatMap((draft, index) => {
    const { issues, checks } = ruled[index] ?? { issues: [], checks: [] }
    const places = cells[index] ?? { writes: [], issues: [] }
    draft.more = [...checks, ...places.writes]
    return [
      ...problemOf(draft.place, issues),
      ...problemOf(draft.place, [...(taken.get(draft) ?? []), ...places.issues], 'duplicate'),
    ]
  })
  return { problems: problems.length > 0 ? problems : await fence(engine, model, changing, known) }
}

/** Lets the model fill in what follows from other fields. @returns what the rows refer to. */
async function deriveRows(engine: Engine, model: Model, drafts: readonly Draft[]): Promise<Known> {
  const stamps = new Map<string, number | null>()
  for (const draft of drafts) draft.stamps = stamps
  await readStamps(engine, model, drafts, stamps)
  const known = await readReferences(
    engine,
    model,
    drafts.map(({ after }) => after),
  )
  if (model.derive === undefined) return known
  let isMoved = false
  for (const draft of drafts) {
    const { before, after } = draft
    if (before === after) continue
    draft.after = { ...after, ...model.derive(after, refsOf(model, after, known), before) }
    isMoved ||= referencesOf(model, draft.after).some(({ to, id }) => !known.has(knownKey(to, id)))
  }
  if (!isMoved) return known
  await readStamps(engine, model, drafts, stamps)
  return readReferences(
    engine,
    model,
    drafts.map(({ after }) => after),
  )
}

function refsOf(model: Model, row: Row, known: Known): Refs {
  const refs: Record<string, Row | undefined> = {}
  for (const { to, id, field } of referencesOf(model, row)) {
    if (model.fields[field]?.kind !== 'refs') refs[field] = known.get(knownKey(to, id))
  }
  return refs
}

/** Asked last, for it may put items into the table that others see. */
async function fence(
  engine: Engine,
  model: Model,
  drafts: readonly Draft[],
  known: Known,
): Promise<RowProblem[]> {
  if (model.fences === undefined || drafts.length === 0) return []
  const withRefs = drafts.map(({ before, after }) => ({ before, after, refs: refsOf(model, after, known) }))
  const fences = await model.fences(engine, withRefs)
  return drafts.flatMap((draft, index) => {
    const { issues, writes } = fences[index] ?? { issues: [], writes: [] }
    draft.more = [...(draft.more ?? []), ...writes]
    return problemOf(draft.place, issues)
  })
}

/** What the model's own rules say of each row, and what its transaction must check. */
async function rulesOver(
  engine: Engine,
  model: Model,
  drafts: readonly Draft[],
  known: Known,
): Promise<{ issues: Issue[]; checks: Write[] }[]> {
  const withRefs = drafts.map(({ before, after }) => ({ before, after, refs: refsOf(model, after, known) }))
  const ruled = (await model.rules?.(engine, withRefs)) ?? []
  return Promise.all(
    withRefs.map(async (draft, index) => {
      const { before, after, refs } = draft
      const own = model.check?.(publicRow(model, after), refs, before) ?? []
      const [frozen, tree] = await Promise.all([
        frozenIssues(engine, model, draft),
        treeChecks(engine, model, draft),
      ])
      const scope = [...tagScopeIssues(model, draft, known), ...customSizeIssues(after)]
      return {
        issues: [...own, ...scope, ...frozen, ...tree.issues, ...(ruled[index] ?? [])],
        checks: tree.checks,
      }
    }),
  )
}

/** Unique values that another object holds, or another row of the same request asks for. */
async function takenValues(
  engine: Engine,
  model: Model,
  drafts: readonly Draft[],
): Promise<Map<Draft, Issue[]>> {
  const wanted = drafts.flatMap((draft) => guardsOf(model, draft.after).map((guard) => ({ draft, guard })))
  const guardKeys = wanted.map(({ guard }) => guard.key)
  const held = await endHolds(engine, guardKeys, await engine.table.getMany(GuardItem, guardKeys))
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
      const message = guard.message ?? takenMessage(model, guard.fields)
      const issue = { path: guard.fields.at(-1) ?? '', message }
      issues.set(draft, [...(issues.get(draft) ?? []), issue])
    }
    asked.set(pk, draft)
  }
  return issues
}

async function endHolds(
  engine: Engine,
  guardKeys: readonly Key[],
  held: readonly (GuardItem | undefined)[],
): Promise<(GuardItem | undefined)[]> {
  return Promise.all(
    held.map(async (guard, index) => {
      const key = guardKeys[index]
      return key === undefined || guard === undefined ? guard : endHold(engine, key, guard)
    }),
  )
}

/** A hold that has run out gives the value up to whoever wants it next. @returns who has it now. */
export async function endHold(
  { table, now }: Pick<Engine, 'table' | 'now'>,
  key: Key,
  guard: GuardItem,
): Promise<GuardItem | undefined> {
  if (guard.until === undefined || guard.until > now().getTime()) return guard
  try {
    await table.write([{ remove: key, ifVersion: guard.version ?? 0, otherwise: 'version_conflict' }])
    return undefined
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'version_conflict') throw cause
    // Its owner confirms it this very moment, or someone else has ended it.
    return table.get(GuardItem, key)
  }
}

function releasedKeys(model: Model, before: Row, after: Row): string[] {
  const kept = new Set(guardsOf(model, after).map(({ key }) => key.pk))
  return guardsOf(model, before).flatMap(({ key }) => (kept.has(key.pk) ? [] : [key.pk]))
}

const takenMessage = (model: Model, fields: readonly string[]): string =>
  `${model.label} with this ${fields.join(' and ')} already exists.`
