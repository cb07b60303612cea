import * as z from 'zod'
import { changeKeyOf } from '../ids.ts'
import { keys, shardOf } from '../table/keys.ts'
import type { Item } from '../table/table.ts'
import type { Model, Row } from './define.ts'
import { changeShardCount } from './registry.ts'
import { displayOf, publicRow } from './rows.ts'
import { steadyJson } from './steady-json.ts'

/** Who writes: a user by a token, or the system itself (no user id). */
export type Actor = { userId: number | null; username: string; tokenId: number | null; requestId: string }

/** The product's own hand, in workflows and consumers. */
export const systemActor = (requestId: string): Actor => ({
  userId: null,
  username: 'netkeep',
  tokenId: null,
  requestId,
})

/**
 * What was changed, by whom, in the transaction that changed it. `before` and `after` hold the whole row on creation
 * and deletion, the changed fields on an update; of a secret only that it was changed.
 */
export const Change = z.object({
  changeId: z.number(),
  model: z.string(),
  objectId: z.number(),
  display: z.string(),
  action: z.enum(['create', 'update', 'delete']),
  /** Of the row after the change. A deletion counts as one more version. */
  version: z.number(),
  at: z.string(),
  /** When the row had been changed before; null of a creation. */
  previousAt: z.string().nullable().default(null),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  /** Secret fields that were set, changed or cleared. */
  secrets: z.array(z.string()),
  userId: z.number().nullable(),
  username: z.string(),
  tokenId: z.number().nullable(),
  requestId: z.string(),
  message: z.string(),
})
export type Change = z.infer<typeof Change>

export type ChangeOf = {
  model: Model
  before: Row | undefined
  after: Row | undefined
  changeId: number
  at: string
  actor: Actor
  message: string
}

/** How long the notes are kept: a catalog that looked longer ago reads the change records themselves. */
export const recentKeptMs = 24 * 3_600_000

/** What a reader must know to look a changed row up. */
export const RecentChange = z.object({ sk: z.string(), model: z.string(), action: Change.shape.action })

/** The note of a change, beside its record: a list shows rows of twenty models, and asks once for all of them. */
export function recentItem(change: ChangeOf): Item {
  const { model, changeId, at } = change
  const { id, version, action } = headOf(change)
  const expiresAt = Math.ceil((Date.parse(at) + recentKeptMs) / 1000)
  return { ...keys.recentChange(changeKeyOf(changeId, id, version)), model: model.name, action, expiresAt }
}

function rowOf({ before, after }: ChangeOf): Row {
  const row = after ?? before
  if (row === undefined) throw new Error('a change of nothing')
  return row
}

/** A deletion counts as one more version. */
function headOf(change: ChangeOf): Pick<Change, 'action' | 'version'> & { id: number } {
  const { before, after } = change
  const { id, version } = rowOf(change)
  return {
    id,
    version: after === undefined ? version + 1 : version,
    action: before === undefined ? 'create' : after === undefined ? 'delete' : 'update',
  }
}

/** The change record of a write, as an item. `before` and `after` are rows as they are stored. */
export function changeItem(written: ChangeOf): Item {
  const { model, before, after, changeId, at, actor, message } = written
  const { id, version, action } = headOf(written)
  const [shownBefore, shownAfter] = shown(model, before, after)
  const change: Change = {
    changeId,
    model: model.name,
    objectId: id,
    display: displayOf(model, publicRow(model, rowOf(written))),
    action,
    version,
    // The row's own time: a reader builds the row from its changes.
    at: after?.last_updated ?? at,
    previousAt: before?.last_updated ?? null,
    before: shownBefore,
    after: shownAfter,
    secrets: changedSecrets(model, before, after),
    ...actor,
    message,
  }
  const shard = shardOf(id, changeShardCount(model))
  return { ...keys.change(model.name, shard, changeKeyOf(changeId, id, version)), ...change }
}

type Shown = Record<string, unknown> | null

function shown(model: Model, before: Row | undefined, after: Row | undefined): [Shown, Shown] {
  const rowBefore = before && publicRow(model, before)
  const rowAfter = after && publicRow(model, after)
  if (rowBefore === undefined || rowAfter === undefined) return [rowBefore ?? null, rowAfter ?? null]
  const names = changedFields(rowBefore, rowAfter)
  return [pick(rowBefore, names), pick(rowAfter, names)]
}

const bookkeeping = new Set(['version', 'last_updated'])

/** Names of the fields whose values differ. */
export function changedFields(before: Row, after: Row): string[] {
  return Object.keys(after).filter((name) => !bookkeeping.has(name) && !isSame(before[name], after[name]))
}

const isSame = (a: unknown, b: unknown): boolean => a === b || steadyJson(a) === steadyJson(b)

function changedSecrets(model: Model, before: Row | undefined, after: Row | undefined): string[] {
  return Object.entries(model.fields)
    .filter(
      ([name, field]) => field.kind === 'secret' && (before?.[name] ?? null) !== (after?.[name] ?? null),
    )
    .map(([name]) => name)
}

const pick = (row: Row, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, row[name]]))
