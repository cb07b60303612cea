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

/** The change record of a write, as an item. `before` and `after` are rows as they are stored. */
export function changeItem({ model, before, after, changeId, at, actor, message }: ChangeOf): Item {
  const row = after ?? before
  if (row === undefined) throw new Error('a change of nothing')
  const version = after?.version ?? row.version + 1
  const [shownBefore, shownAfter] = shown(model, before, after)
  const change: Change = {
    changeId,
    model: model.name,
    objectId: row.id,
    display: displayOf(model, publicRow(model, row)),
    action: before === undefined ? 'create' : after === undefined ? 'delete' : 'update',
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
  const shard = shardOf(row.id, changeShardCount(model))
  return { ...keys.change(model.name, shard, changeKeyOf(changeId, row.id, version)), ...change }
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
