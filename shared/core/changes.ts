import { firstIdAt, sortableId } from '../ids.ts'
import { Change } from '../model/change.ts'
import type { Model } from '../model/define.ts'
import { changeShardCount, type Registry } from '../model/registry.ts'
import { keys, shardOf } from '../table/keys.ts'
import type { Table } from '../table/table.ts'

export type ChangeFilter = {
  model?: string | undefined
  objectId?: number | undefined
  action?: Change['action'] | undefined
  username?: string | undefined
  userId?: number | undefined
  requestId?: string | undefined
  after?: Date | undefined
  before?: Date | undefined
}

/** More changes than this are not looked through for one page: narrower filters are needed. */
const readMax = 20_000

type Sources = { table: Table; registry: Registry }

/**
 * Changes that meet the filter, newest first, with how many there are in all.
 * `isWhole` is false where more than 20,000 records would have to be read: the count is then of those.
 */
export async function listChanges(
  { table, registry }: Sources,
  filter: ChangeFilter,
): Promise<{ changes: Change[]; isWhole: boolean }> {
  const models =
    filter.model === undefined ? registry.all : registry.all.filter(({ name }) => name === filter.model)
  const partitions = models.flatMap((model) => partitionsOf(model, filter.objectId))
  const bound = Math.ceil(readMax / Math.max(1, partitions.length))
  const read = await Promise.all(
    partitions.map((partition) => readPartition(table, { partition, filter, bound })),
  )
  const changes = read
    .flatMap((one) => one.changes)
    .sort((a, b) => b.changeId - a.changeId || b.version - a.version)
  return { changes, isWhole: read.every((one) => one.isWhole) }
}

function partitionsOf(model: Model, objectId: number | undefined): string[] {
  const count = changeShardCount(model)
  if (objectId !== undefined) return [keys.changes(model.name, shardOf(objectId, count))]
  return Array.from({ length: count }, (_, shard) => keys.changes(model.name, shard))
}

async function readPartition(
  table: Table,
  { partition, filter, bound }: { partition: string; filter: ChangeFilter; bound: number },
): Promise<{ changes: Change[]; isWhole: boolean }> {
  const range = {
    partition,
    newestFirst: true,
    limit: bound,
    ...(filter.after === undefined ? {} : { from: sortableId(firstIdAt(filter.after)) }),
    ...(filter.before === undefined ? {} : { to: sortableId(firstIdAt(filter.before)) }),
  }
  const changes: Change[] = []
  let seen = 0
  for await (const change of table.query(Change, range)) {
    seen += 1
    if (meets(change, filter)) changes.push(change)
  }
  return { changes, isWhole: seen < bound }
}

function meets(change: Change, { objectId, action, username, userId, requestId }: ChangeFilter): boolean {
  if (objectId !== undefined && change.objectId !== objectId) return false
  if (action !== undefined && change.action !== action) return false
  if (username !== undefined && change.username !== username) return false
  if (userId !== undefined && change.userId !== userId) return false
  return requestId === undefined || change.requestId === requestId
}

/** One change by its number. */
export async function findChange(
  { table, registry }: Sources,
  changeId: number,
): Promise<Change | undefined> {
  const partitions = registry.all.flatMap((model) => partitionsOf(model, undefined))
  const read = await Promise.all(
    partitions.map(async (partition) => {
      const found: Change[] = []
      for await (const change of table.query(Change, { partition, prefix: `${sortableId(changeId)}#` }))
        found.push(change)
      return found
    }),
  )
  return read.flat()[0]
}
