import { AppError } from '../errors.ts'
import { keys } from '../table/keys.ts'
import type { Model, Row } from './define.ts'
import type { Engine, WriteOptions } from './engine.ts'
import { updateRows } from './records.ts'
import { storedSchema } from './rows.ts'

/** A row may be changed by others while what follows is worked out. */
const racesMax = 20

/**
 * Changes a row as follows from something else: `changesOf` sees the row as it is now, and is asked again where
 * someone was faster. A row that is gone is left alone.
 */
export async function settle(
  engine: Engine,
  { model, id, options }: { model: Model; id: number; options: WriteOptions },
  changesOf: (row: Row) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>,
): Promise<void> {
  const { actor, message } = options
  for (let race = 1; ; race++) {
    const row = await engine.table.get(storedSchema(model), keys.entity(model.name, id))
    if (row === undefined) return
    const values = await changesOf(row)
    if (Object.keys(values).length === 0) return
    try {
      await updateRows(
        engine,
        model,
        [{ id, values: values as Record<string, never>, version: row.version }],
        {
          actor,
          bySystem: true,
          ...(message === undefined ? {} : { message }),
        },
      )
      return
    } catch (cause) {
      if (cause instanceof AppError && cause.code === 'not_found') return
      const isRace = cause instanceof AppError && cause.code === 'version_conflict'
      if (!isRace || race >= racesMax) throw cause
    }
  }
}
