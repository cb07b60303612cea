import type { Issue } from '../errors.ts'
import { customFieldsOf } from './custom-fields.ts'
import { customPath } from './custom-values.ts'
import type { Model } from './define.ts'
import type { Field } from './fields.ts'

type Resolve = (model: Model, rows: readonly Record<string, unknown>[]) => Promise<Issue[][]>

/** Replaces attribute objects among the values of custom fields by ids, in place, as `resolve` does it for fields. */
export async function resolveCustomFields(
  model: Model,
  rows: readonly Record<string, unknown>[],
  resolve: Resolve,
): Promise<Issue[][]> {
  const references = customFieldsOf(model).filter(
    ({ field }) => field.kind === 'ref' || field.kind === 'refs',
  )
  if (references.length === 0) return rows.map(() => [])
  const fields: Record<string, Field> = Object.fromEntries(references.map(({ name, field }) => [name, field]))
  const values = rows.map((row) => (row['custom_fields'] ?? {}) as Record<string, unknown>)
  const issues = await resolve({ ...model, fields }, values)
  return issues.map((ofRow) => ofRow.map(({ path, message }) => ({ path: customPath(path), message })))
}
