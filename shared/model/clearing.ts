import { AppError } from '../errors.ts'
import { keys } from '../table/keys.ts'
import type { Model } from './define.ts'
import { memberKey, ruleOf, type Members } from './deletion-members.ts'
import type { Engine, WriteOptions } from './engine.ts'
import { updateRows } from './records.ts'
import { storedSchema } from './rows.ts'

/** A row may be changed by others while a reference is taken out of it. */
const racesMax = 5

/** Takes the members out of the rows that stay. */
export async function clearReferences(
  engine: Engine,
  members: Members,
  options: WriteOptions,
): Promise<void> {
  const gone = new Map<string, { model: Model; id: number; fields: Map<string, Set<number>> }>()
  for (const { row, references } of members.values()) {
    for (const reference of references) {
      const key = memberKey(reference.child, reference.childId)
      if (ruleOf(engine, reference) !== 'clear' || members.has(key)) continue
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
  { actor, message }: WriteOptions,
): Promise<void> {
  for (let race = 1; ; race++) {
    const row = await engine.table.get(storedSchema(model), keys.entity(model.name, id))
    if (row === undefined) return
    const values = Object.fromEntries([...fields].map(([field, ids]) => [field, withoutIds(row[field], ids)]))
    try {
      await updateRows(engine, model, [{ id, values, version: row.version }], {
        actor,
        bySystem: true,
        ...(message === undefined ? {} : { message }),
      })
      return
    } catch (cause) {
      const isRace = cause instanceof AppError && cause.code === 'version_conflict'
      if (!isRace || race >= racesMax) throw cause
    }
  }
}

const withoutIds = (value: unknown, ids: ReadonlySet<number>): unknown =>
  Array.isArray(value)
    ? value.filter((id: number) => !ids.has(id))
    : typeof value === 'number' && ids.has(value)
      ? null
      : value
