import * as z from 'zod'
import type { Item } from '../table/table.ts'
import { keys } from '../table/keys.ts'
import { takesCustomFields } from './custom-fields.ts'
import { customMembers, customValuesOf } from './custom-values.ts'
import type { Model, Row, RowOf, StoredOf } from './define.ts'
import type { Fields } from './fields.ts'
import { storedOf } from './field-schema.ts'

const identity = { id: z.number(), version: z.number(), created: z.string(), last_updated: z.string() }
const schemas = new WeakMap<Model, z.ZodType<Row>>()

/** Reads a model's item from the table: `table.get(storedSchema(credential), keys.entity(credential.name, id))`. */
export function storedSchema<F extends Fields>(model: Model<F>): z.ZodType<StoredOf<Model<F>>> {
  const known = schemas.get(model)
  const custom = takesCustomFields(model) ? customMembers : {}
  const schema = known ?? z.object({ ...identity, ...mapValues(model.fields, storedOf), ...custom })
  if (known === undefined) schemas.set(model, schema as z.ZodType<Row>)
  // The schema is built from the very fields the type is computed from.
  return schema as unknown as z.ZodType<StoredOf<Model<F>>>
}

/** The item that holds a row. */
export const itemOf = (model: Model, stored: Row): Item => ({
  ...keys.entity(model.name, stored.id),
  ...stored,
})

/** The row as it may be shown: hidden fields and secrets left out, `has_<secret>` in their place. */
export function publicRow<F extends Fields>(model: Model<F>, stored: Row): RowOf<Model<F>> {
  const { id, version, created, last_updated } = stored
  const row: Row = { id, version, created, last_updated }
  for (const [name, field] of Object.entries(model.fields)) {
    if (field.hidden === true) continue
    if (field.kind === 'secret') row[`has_${name}`] = stored[name] !== null
    else row[name] = stored[name]
  }
  if (takesCustomFields(model)) row['custom_fields'] = customValuesOf(stored)
  return row as RowOf<Model<F>>
}

/** What names a row to a human. */
export function displayOf(model: Model, row: Row): string {
  const { display = 'name' } = model
  return typeof display === 'function' ? display(row) : String(row[display])
}

export function mapValues<V, W>(
  record: Readonly<Record<string, V>>,
  map: (value: V, name: string) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]))
}
