import * as z from 'zod'
import { firstIdAt, readChangeKey, sortableId } from '../ids.ts'
import type { Model, Row } from '../model/define.ts'
import { changeShardCount } from '../model/registry.ts'
import { publicRow, storedSchema } from '../model/rows.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { rowMaker } from './compact.ts'

/** The last that is known of an object by its change records. */
export type Newest = { version: number; isDeleted: boolean }

/** Of a change record its place, which says the object and the version, and whether it is an end. */
export const ChangeHead = z.object({ sk: z.string(), action: z.string() })
export const headAttributes = ['sk', 'action']

/** Change records of a model that began at or after `since` (default: all there are), each object's newest. */
export async function readNewest(
  table: Table,
  model: Model,
  since: Date | undefined,
): Promise<Map<number, Newest>> {
  const newest = new Map<number, Newest>()
  const from = since === undefined ? {} : { from: sortableId(firstIdAt(since)) }
  const shards = Array.from({ length: changeShardCount(model) }, (_, shard) => shard)
  await Promise.all(
    shards.map(async (shard) => {
      const partition = keys.changes(model.name, shard)
      for await (const { sk, action } of table.query(ChangeHead, {
        partition,
        ...from,
        attributes: headAttributes,
      })) {
        const { objectId, version } = readChangeKey(sk)
        if (version > (newest.get(objectId)?.version ?? 0))
          newest.set(objectId, { version, isDeleted: action === 'delete' })
      }
    }),
  )
  return newest
}

/** Rows of one batch of the table, and how many batches are read at the same time. */
const batchRows = 100
const batchesAtOnce = 8

/** The rows as they are now, as they may be shown; those that are not there are left out. */
export async function readRows(table: Table, model: Model, ids: readonly number[]): Promise<Row[]> {
  const schema = storedSchema(model)
  const maker = rowMaker(model)
  const rows: Row[] = []
  const read = async (start: number): Promise<void> => {
    const wanted = ids.slice(start, start + batchRows).map((id) => keys.entity(model.name, id))
    for (const stored of await table.getMany(schema, wanted)) {
      if (stored !== undefined) rows.push(maker.make(publicRow(model, stored)))
    }
  }
  for (let start = 0; start < ids.length; start += batchRows * batchesAtOnce) {
    const starts = Array.from({ length: batchesAtOnce }, (_, batch) => start + batch * batchRows)
    await Promise.all(starts.filter((one) => one < ids.length).map(read))
  }
  return rows
}
