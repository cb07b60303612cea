import * as z from 'zod'
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
type Page = { offset: number; limit: number }

/** What a record is chosen by. A whole one holds the row twice: only those of the page are read. */
const Head = Change.pick({
  changeId: true,
  objectId: true,
  version: true,
  action: true,
  username: true,
  userId: true,
  requestId: true,
}).extend({ sk: z.string() })
const headAttributes = Object.keys(Head.shape)
type Found = z.infer<typeof Head> & { partition: string }

/**
 * A page of the changes that meet the filter, newest first, with how many there are in all.
 * `isWhole` is false where more than `recordsMax` records would have to be looked through: `count` is then of the newest
 * ones, as far back as all partitions were read.
 */
export async function listChanges(
  { table, registry }: Sources,
  filter: ChangeFilter,
  { offset, limit }: Page,
  recordsMax = readMax,
): Promise<{ changes: Change[]; count: number; isWhole: boolean }> {
  const models =
    filter.model === undefined ? registry.all : registry.all.filter(({ name }) => name === filter.model)
  const partitions = models.flatMap((model) => partitionsOf(model, filter.objectId))
  const bound = Math.ceil(recordsMax / Math.max(1, partitions.length))
  const read = await Promise.all(
    partitions.map((partition) => readPartition(table, { partition, filter, bound })),
  )
  // Where a partition was not read to its end, what is older elsewhere would leave gaps between.
  const reachedTo = Math.max(...read.map(({ oldest }) => oldest), 0)
  const found = read
    .flatMap((one) => one.found)
    .filter(({ changeId }) => changeId >= reachedTo)
    .sort((a, b) => b.changeId - a.changeId || b.version - a.version)
  const wanted = found.slice(offset, offset + limit).map(({ partition, sk }) => ({ pk: partition, sk }))
  const changes = await table.getMany(Change, wanted)
  return {
    changes: changes.filter((change) => change !== undefined),
    count: found.length,
    isWhole: reachedTo === 0,
  }
}

function partitionsOf(model: Model, objectId: number | undefined): string[] {
  const count = changeShardCount(model)
  if (objectId !== undefined) return [keys.changes(model.name, shardOf(objectId, count))]
  return Array.from({ length: count }, (_, shard) => keys.changes(model.name, shard))
}

/** `oldest`: number of the last change that was read, where there may be more; 0 where all were. */
async function readPartition(
  table: Table,
  { partition, filter, bound }: { partition: string; filter: ChangeFilter; bound: number },
): Promise<{ found: Found[]; oldest: number }> {
  const range = {
    partition,
    newestFirst: true,
    limit: bound,
    attributes: headAttributes,
    ...(filter.after === undefined ? {} : { from: sortableId(firstIdAt(filter.after)) }),
    ...(filter.before === undefined ? {} : { to: sortableId(firstIdAt(filter.before)) }),
  }
  const found: Found[] = []
  let seen = 0
  let oldest = 0
  for await (const head of table.query(Head, range)) {
    seen += 1
    oldest = head.changeId
    if (meets(head, filter)) found.push({ ...head, partition })
  }
  return { found, oldest: seen < bound ? 0 : oldest }
}

function meets(
  change: z.infer<typeof Head>,
  { objectId, action, username, userId, requestId }: ChangeFilter,
): boolean {
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
