import * as z from 'zod'
import { storedOf } from '../model/field-schema.ts'
import type { Model, Row } from '../model/define.ts'
import { publicRow } from '../model/rows.ts'

/** One member of a model's rows as they may be shown. */
export type Column = {
  name: string
  /** Kind of the field: a column of another kind under the same name is another column. */
  kind: string
  /** A value as a row has it; for undefined the default, where there is one. */
  schema: z.ZodType
}

/** What rows have beside the fields that their model declares. */
const others: Readonly<Record<string, z.ZodType>> = {
  id: z.int().positive(),
  version: z.int().positive(),
  created: z.string(),
  last_updated: z.string(),
  custom_fields: z.record(z.string(), z.unknown()).default({}),
}

const known = new WeakMap<Model, readonly Column[]>()

/** Everything a row of the model has, in the order in which all rows have it. */
export function columnsOf(model: Model): readonly Column[] {
  const before = known.get(model)
  if (before !== undefined) return before
  const columns = Object.keys(publicRow(model, {} as Row)).map((name) => columnOf(model, name))
  known.set(model, columns)
  return columns
}

function columnOf(model: Model, name: string): Column {
  const own = others[name]
  if (own !== undefined) return { name, kind: name, schema: own }
  const field = model.fields[name]
  if (field !== undefined && field.kind !== 'secret')
    return { name, kind: field.kind, schema: storedOf(field) }
  return { name, kind: 'has', schema: z.boolean() }
}
