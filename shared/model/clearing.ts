import { customNameOf, customValuesOf } from './custom-values.ts'
import type { Model, Row } from './define.ts'
import { memberKey, outsideReferences, ruleOf, type Members } from './deletion-members.ts'
import type { Engine, WriteOptions } from './engine.ts'
import type { ObjectRef } from './fields.ts'
import { settle } from './settle.ts'

/** Takes the members out of the rows that stay. */
export async function clearReferences(
  engine: Engine,
  members: Members,
  options: WriteOptions,
): Promise<void> {
  const gone = new Map<string, { model: Model; id: number; fields: Map<string, Set<number>> }>()
  for (const member of members.values()) {
    const { row } = member
    for (const reference of outsideReferences(members, member)) {
      const key = memberKey(reference.child, reference.childId)
      if (ruleOf(engine, reference) !== 'clear') continue
      const model = engine.registry.get(reference.child)
      const entry = gone.get(key) ?? { model, id: reference.childId, fields: new Map() }
      entry.fields.set(reference.field, (entry.fields.get(reference.field) ?? new Set()).add(row.id))
      gone.set(key, entry)
    }
  }
  for (const { model, id, fields } of gone.values()) await clearRow(engine, { model, id, fields }, options)
}

async function clearRow(
  engine: Engine,
  { model, id, fields }: { model: Model; id: number; fields: Map<string, Set<number>> },
  options: WriteOptions,
): Promise<void> {
  await settle(engine, { model, id, options }, (row) => clearedValues(row, fields))
}

function clearedValues(row: Row, fields: Map<string, Set<number>>): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  const custom: Record<string, unknown> = {}
  for (const [field, ids] of fields) {
    const name = customNameOf(field)
    if (name === undefined) values[field] = withoutIds(row[field], ids)
    else custom[name] = withoutIds(customValuesOf(row)[name] ?? null, ids)
  }
  return Object.keys(custom).length === 0 ? values : { ...values, custom_fields: custom }
}

const withoutIds = (value: unknown, ids: ReadonlySet<number>): unknown =>
  Array.isArray(value)
    ? value.filter((id: number) => !ids.has(id))
    : ids.has(typeof value === 'number' ? value : ((value as ObjectRef | null)?.id ?? 0))
      ? null
      : value
