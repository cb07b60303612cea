import * as z from 'zod'
import type { Catalog, Catalogs } from '../catalog/catalog.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import type { Model, Row } from './define.ts'
import { filtersOf, readName } from './filters.ts'
import type { Query } from './query.ts'
import { readReferences, targetsOf } from './references.ts'
import { presenceCount, type Registry } from './registry.ts'
import { publicRow, storedSchema } from './rows.ts'

/**
 * Lists of children. "The interfaces of this device" is asked by containers that have never needed all 200,000 of
 * them: the references of the parent, which lie together in the table, say which rows to read by key.
 */

type Sources = { registry: Registry; catalogs: Catalogs; table: Table }

/** More parents or children than this are a matter for the catalog. */
const partitionsMax = 32
const childrenMax = 2000

const Child = z.object({ childId: z.number(), field: z.string() })

/**
 * The sources with catalogs of no more than the children asked for and what they refer to; the given ones where the
 * list is not one of children, or the model's catalog is at hand anyway.
 * @param reserved parameters of lists that are no filters.
 */
export async function narrowToParent<S extends Sources>(
  sources: S,
  model: Model,
  query: Query,
  reserved: readonly string[],
): Promise<S> {
  const isAtHand = sources.catalogs.of(model).generation() > 0
  const parents = isAtHand ? undefined : parentsAsked(sources, model, query, reserved)
  if (parents === undefined) return sources
  const ids = await childrenOf(sources, model, parents)
  if (ids === undefined) return sources
  const schema = storedSchema(model)
  const found = await sources.table.getMany(
    schema,
    ids.map((id) => keys.entity(model.name, id)),
  )
  const rows = found.flatMap((stored) => (stored === undefined ? [] : [publicRow(model, stored)]))
  return { ...sources, catalogs: await partialCatalogs(sources, model, rows) }
}

type Parents = { to: Model; field: string; ids: readonly number[] }

/** The parents that a query names, where it asks for nothing that other rows must answer. */
function parentsAsked(
  sources: Sources,
  model: Model,
  query: Query,
  reserved: readonly string[],
): Parents | undefined {
  const { parent: field } = model
  const shape = field === undefined ? undefined : model.fields[field]
  if (field === undefined || shape?.kind !== 'ref' || query.has('at')) return undefined
  const texts = query.get(`${field}_id`) ?? []
  if (texts.length === 0 || !texts.every((text) => /^\d{1,16}$/.test(text))) return undefined
  const filters = filtersOf(model, sources)
  const others = [...query.keys()].filter((name) => !reserved.includes(name))
  const isOwn = others.every((name) => {
    const read = readName(name, filters, reserved)
    return 'filter' in read && read.filter.needs.length === 0
  })
  const to = sources.registry.get(shape.to)
  const ids = [...new Set(texts.map(Number))]
  return isOwn && ids.length * presenceCount(to) <= partitionsMax ? { to, field, ids } : undefined
}

/** Strongly consistent; undefined where there are too many. */
async function childrenOf(
  { table }: Sources,
  model: Model,
  { to, field, ids }: Parents,
): Promise<number[] | undefined> {
  const shards = Array.from({ length: presenceCount(to) }, (_, shard) => shard)
  const partitions = ids.flatMap((id) => shards.map((shard) => keys.references(to.name, id, shard)))
  const read = await Promise.all(
    partitions.map((partition) =>
      Array.fromAsync(table.query(Child, { partition, prefix: `${model.name}#`, limit: childrenMax + 1 })),
    ),
  )
  const children = new Set(read.flat().flatMap((child) => (child.field === field ? [child.childId] : [])))
  return children.size > childrenMax ? undefined : [...children]
}

/** Catalogs as if there were only these rows and what they refer to; of all other models the real ones. */
async function partialCatalogs(sources: Sources, model: Model, rows: readonly Row[]): Promise<Catalogs> {
  const known = await readReferences(sources, model, rows)
  const byModel = new Map<string, Map<number, Row>>(
    [model.name, ...targetsOf(sources.registry, model, () => true)].map((name) => [name, new Map()]),
  )
  for (const [key, row] of known) byModel.get(key.slice(0, key.indexOf('#')))?.set(row.id, row)
  for (const row of rows) byModel.get(model.name)?.set(row.id, row)
  const made = new Map(
    [...byModel].map(([name, some]) => [name, fixedCatalog(sources.registry.get(name), some)]),
  )
  return { of: (other) => made.get(other.name) ?? sources.catalogs.of(other) }
}

const fixedCatalog = (model: Model, rows: ReadonlyMap<number, Row>): Catalog => ({
  model,
  refresh: async () => {},
  rows,
  generation: () => 1,
  changedSince: () => [],
})
