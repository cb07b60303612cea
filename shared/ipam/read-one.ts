import { AppError } from '../errors.ts'
import type { Row } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { getStored, noRow } from '../model/records.ts'

/** @throws AppError `not_found`. */
export async function readOne(engine: Engine, name: string, id: number): Promise<Row> {
  const model = engine.registry.get(name)
  const row = await getStored(engine, model, id)
  if (row === undefined) throw new AppError('not_found', noRow(model, id))
  return row
}
