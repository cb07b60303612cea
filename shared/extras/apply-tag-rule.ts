import { viewOf } from '../catalog/view.ts'
import { AppError } from '../errors.ts'
import type { Model, Row } from '../model/define.ts'
import type { Engine, WriteOptions } from '../model/engine.ts'
import { findSlots } from '../model/filter-tests.ts'
import { updateRows } from '../model/records.ts'
import { readTagNotes, writeTagNotes } from './tag-notes.ts'
import { openRule } from './tag-rules.ts'

/** Rows whose tags one call changes. A function has 30 s; the next call goes on where this one ended. */
const changesMax = 1000
/** Rows of one step: they are noted, then tagged. */
const stepRows = 50

/** What a rule does to one row. */
type Change = { row: Row; tags: readonly number[] }
type Found = {
  model: Model
  /** Rows that meet the criteria. */
  matched: Row[]
  /** Those that lack tags of the rule. */
  toAdd: Change[]
  /** Rows with tags that the rule has put there and would not any more. */
  toRemove: Change[]
  notes: ReadonlyMap<number, readonly number[]>
}

/** What a rule finds at this moment. Nothing is written. @throws AppError where the rule no longer makes sense. */
export async function findByRule(engine: Engine, rule: Row): Promise<Found> {
  const notes = await readTagNotes(engine.table, rule.id)
  const { model, ...read } = await openRule(engine, rule)
  const { predicate, issues } =
    read.issues.length > 0 ? { predicate: never, issues: read.issues } : read.compile()
  if (issues.length > 0) throw new AppError('validation_failed', undefined, { issues })
  const wanted = rule['add_tags'] as readonly number[]
  const catalog = engine.catalogs.of(model)
  const { rows } = catalog
  const view = viewOf(catalog)
  const matched = findSlots(view, [{ holds: predicate }])
    .flatMap((slot) => view.slots[slot] ?? [])
    .sort((a, b) => a.id - b.id)
  const isMatched = new Set(matched)
  const toRemove = [...notes].flatMap(([id, put]) => {
    const row = rows.get(id)
    if (row === undefined) return []
    const stale = put.filter((tag) => !(isMatched.has(row) && wanted.includes(tag)))
    return changeOf(row, intersection(stale, tagsOf(row)))
  })
  const toAdd = matched.flatMap((row) => changeOf(row, difference(wanted, tagsOf(row))))
  return { model, matched, toAdd, toRemove, notes }
}

const never = (): boolean => false
const changeOf = (row: Row, tags: readonly number[]): Change[] => (tags.length === 0 ? [] : [{ row, tags }])
const tagsOf = (row: Row): readonly number[] => row['tags'] as readonly number[]
const difference = (a: readonly number[], b: readonly number[]): number[] =>
  a.filter((one) => !b.includes(one))
const intersection = (a: readonly number[], b: readonly number[]): number[] =>
  a.filter((one) => b.includes(one))

type Applied = { matched: number; added: number; removed: number; remaining: number; complete: boolean }

/**
 * Gives the matching rows the rule's tags, and with `remove` takes those it once gave off rows that match no more. At
 * most 1,000 rows a call; `remaining` is what the next call will find. Doing it again changes nothing.
 * @throws AppError `rule_off`; as `updateRows`.
 */
export async function applyRule(
  engine: Engine,
  rule: Row,
  { remove, ...options }: WriteOptions & { remove: boolean },
): Promise<Applied> {
  if (rule['is_active'] !== true)
    throw new AppError('rule_off', `The rule "${String(rule['name'])}" is switched off.`)
  const { model, matched, notes, ...found } = await findByRule(engine, rule)
  const toAdd = found.toAdd.slice(0, changesMax)
  const toRemove = remove ? found.toRemove.slice(0, changesMax - toAdd.length) : []
  for (const step of stepsOf(toAdd)) {
    const noted = step.map(({ row, tags }) => {
      const before = intersection(notes.get(row.id) ?? [], tagsOf(row))
      return [row.id, [...before, ...tags]] as const
    })
    await writeTagNotes(engine.table, rule.id, noted)
    await changeTags(engine, { model, step, word: 'add_tags' }, options)
  }
  for (const step of stepsOf(toRemove)) {
    await changeTags(engine, { model, step, word: 'remove_tags' }, options)
    const noted = step.map(({ row, tags }) => [row.id, difference(notes.get(row.id) ?? [], tags)] as const)
    await writeTagNotes(engine.table, rule.id, noted)
  }
  const changed = toAdd.length + toRemove.length
  const remaining = found.toAdd.length + (remove ? found.toRemove.length : 0) - changed
  return {
    matched: matched.length,
    added: toAdd.length,
    removed: toRemove.length,
    remaining,
    complete: remaining === 0,
  }
}

function* stepsOf<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += stepRows) yield rows.slice(at, at + stepRows)
}

type Step = { model: Model; step: readonly Change[]; word: 'add_tags' | 'remove_tags' }

async function changeTags(engine: Engine, { model, step, word }: Step, options: WriteOptions): Promise<void> {
  // What a PATCH may say beside the model's own fields (`shared/model/row-changes.ts`).
  const updates = step.map(({ row, tags }) => ({
    id: row.id,
    values: { [word]: tags } as unknown as Record<string, never>,
  }))
  try {
    await updateRows(engine, model, updates, { ...options, bulk: true })
  } catch (cause) {
    const isGone = cause instanceof AppError && cause.code === 'not_found'
    if (!isGone) throw cause
    // Somebody deleted a row meanwhile: the others are done one by one.
    if (step.length > 1)
      for (const one of step) await changeTags(engine, { model, step: [one], word }, options)
  }
}
