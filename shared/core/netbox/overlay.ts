import type { Catalog } from '../../catalog/catalog.ts'
import { tableWith } from '../../imports/overlay.ts'
import type { Model, Row } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'

/** The engine as it will be once these rows are written, for what is planned upon them. Nothing can be written by it. */
export function engineWith(engine: Engine, model: Model, rows: readonly Row[]): Engine {
  if (rows.length === 0) return engine
  const catalog = catalogWith(engine.catalogs.of(model), rows)
  return {
    ...engine,
    table: tableWith(engine.table, model, rows),
    catalogs: { of: (asked) => (asked.name === model.name ? catalog : engine.catalogs.of(asked)) },
  }
}

function catalogWith(base: Catalog, added: readonly Row[]): Catalog {
  const merge = (): Map<number, Row> => new Map([...base.rows, ...added.map((row) => [row.id, row] as const)])
  let rows = merge()
  return {
    model: base.model,
    refresh: async () => {
      await base.refresh()
      rows = merge()
    },
    get rows() {
      return rows
    },
    generation: () => base.generation(),
    changedSince: (generation) => base.changedSince(generation),
  }
}
