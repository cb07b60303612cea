import type { Catalog } from '../../shared/catalog/catalog.ts'
import type { BuilderParts } from '../../shared/catalog/snapshots.ts'
import { defineModel, type Model, type Row } from '../../shared/model/define.ts'
import { text } from '../../shared/model/fields.ts'
import { publicRow, storedSchema } from '../../shared/model/rows.ts'
import { createRegistry } from '../../shared/model/registry.ts'
import { keys } from '../../shared/table/keys.ts'
import type { Table } from '../../shared/table/table.ts'
import type { TestTable } from './table.ts'

/** Two items a row, so that hundreds are made in a moment. */
export const thing = defineModel({
  name: 'lab.thing',
  path: 'things',
  label: 'Thing',
  labelPlural: 'Things',
  fields: { name: text({}), description: text({ default: '' }) },
  search: ['name'],
  columns: ['name'],
  referrers: 'none',
})

type MemoryObjects = BuilderParts['objects'] & { stored: Map<string, Uint8Array> }

/** A bucket in memory. */
export function memoryObjects(): MemoryObjects {
  const stored = new Map<string, Uint8Array>()
  return {
    stored,
    get: async (key) => stored.get(key),
    put: async (key, body) => {
      stored.set(key, typeof body === 'string' ? Buffer.from(body) : body)
    },
  }
}

/** A builder for the given models alone, and what it has complained of. */
export function builderOf(
  served: TestTable,
  models: readonly Model[],
  now: () => Date,
): { parts: BuilderParts; objects: MemoryObjects; warnings: unknown[] } {
  const objects = memoryObjects()
  const warnings: unknown[] = []
  const warn: BuilderParts['warn'] = (message, details) => warnings.push({ message, ...details })
  const registry = createRegistry(models)
  return {
    parts: { table: served.table, tableName: served.name, registry, objects, now, warn },
    objects,
    warnings,
  }
}

/** Rows by id as the table has them, in the order of their ids. */
export async function tableRows(table: Table, model: Model, ids: Iterable<number>): Promise<Row[]> {
  const wanted = [...ids].map((id) => keys.entity(model.name, id))
  const found = await table.getMany(storedSchema(model), wanted)
  return byId(found.flatMap((stored) => (stored === undefined ? [] : [publicRow(model, stored)])))
}

export const catalogRows = ({ rows }: Pick<Catalog, 'rows'>): Row[] => byId([...rows.values()])

const byId = (rows: Row[]): Row[] => rows.sort((a, b) => a.id - b.id)
