import type { Model, RowOf } from './define.ts'
import type { Engine } from './engine.ts'
import type { Fields } from './fields.ts'

/** Every row of a model by its id, as of now: the caller's own writes included. From the catalog, no item is read. */
export async function rowsOf<F extends Fields>(
  engine: Pick<Engine, 'catalogs'>,
  model: Model<F>,
): Promise<ReadonlyMap<number, RowOf<Model<F>>>> {
  const catalog = engine.catalogs.of(model)
  await catalog.refresh()
  // A catalog holds the rows of its own model.
  return catalog.rows as ReadonlyMap<number, RowOf<Model<F>>>
}
