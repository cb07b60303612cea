import { keys } from '../table/keys.ts'
import type { Model, Row } from './define.ts'
import type { Engine } from './engine.ts'
import { presenceCount } from './registry.ts'

type Sources = Pick<Engine, 'table'>
type Values = Record<string, unknown>

/** What of rows changes without them, by id: fields of their own, and how many rows refer to them. */
export async function readLive(
  sources: Sources,
  model: Model,
  rows: readonly Row[],
  isShown: (name: string) => boolean,
): Promise<Map<number, Values>> {
  const [fields, counts] = await Promise.all([
    readFields(sources, model, rows),
    model.countedAs !== undefined && isShown(model.countedAs.name)
      ? countReferences(sources, { ...model, countedAs: model.countedAs }, rows)
      : new Map<number, Values>(),
  ])
  return new Map(rows.map(({ id }) => [id, { ...fields.get(id), ...counts.get(id) }]))
}

/** A row without any is left out. */
async function readFields(
  { table }: Sources,
  { live }: Model,
  rows: readonly Row[],
): Promise<Map<number, Values>> {
  if (live === undefined) return new Map()
  const found = await table.getMany(
    live.schema,
    rows.map(({ id }) => live.key(id)),
  )
  return new Map(
    rows.flatMap(({ id }, index) => (found[index] === undefined ? [] : [[id, found[index]] as const])),
  )
}

/** Rows that are counted at once: each has up to 16 partitions of references. */
const countedAtOnce = 10

/** A longer page shows null instead: a thousand tags would be 16,000 queries. */
const countedRowsMax = 50

async function countReferences(
  { table }: Sources,
  model: Model & Required<Pick<Model, 'countedAs'>>,
  rows: readonly Row[],
): Promise<Map<number, Values>> {
  if (rows.length > countedRowsMax) return new Map()
  const { name, field } = model.countedAs
  const where = { name: 'field', value: field }
  const shards = Array.from({ length: presenceCount(model) }, (_, shard) => shard)
  const counts = new Map<number, Values>()
  for (let at = 0; at < rows.length; at += countedAtOnce) {
    await Promise.all(
      rows.slice(at, at + countedAtOnce).map(async ({ id }) => {
        const ofShards = await Promise.all(
          shards.map((shard) => table.count({ partition: keys.references(model.name, id, shard) }, where)),
        )
        counts.set(id, { [name]: ofShards.reduce((sum, count) => sum + count, 0) })
      }),
    )
  }
  return counts
}
