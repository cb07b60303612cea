import type { Catalogs } from '../catalog/catalog.ts'
import { countWith, viewOf, type Column } from '../catalog/view.ts'
import type { DerivedCount, Model, Row } from './define.ts'
import { descendants } from './descendants.ts'
import { readPath } from './filter-hooks.ts'
import { stepColumn } from './reference-filters.ts'
import type { Registry } from './registry.ts'

type Sources = { registry: Registry; catalogs: Catalogs }

/** How many rows of other models refer to a row. */
export type CountColumn = { column: Column<number>; needs: readonly string[] }

/** The counts of a model: `needs` are the models whose rows are counted. Answered from their indexes. */
export function countColumns(model: Model, { registry, catalogs }: Sources): CountColumn[] {
  return Object.entries(model.counts ?? {}).map(([name, given]) => {
    if (isDerived(given)) {
      const catalogOf = (other: string) => catalogs.of(registry.get(other))
      return { column: { name, read: (row: Row) => given.read(row, catalogOf) }, needs: given.needs }
    }
    const parts = [given].flat().map((from) => {
      const at = from.replace(/\[.*$/, '').lastIndexOf('.')
      const child = registry.get(from.slice(0, at))
      const { last } = readPath(child, from.slice(at + 1))
      const { column, to } = stepColumn(child, last)
      if (to !== model.name) throw new Error(`${model.name}.${name} counts ${from}, which refers to ${to}`)
      return { child, column }
    })
    const countAt = (id: number): number =>
      parts.reduce((sum, { child, column }) => sum + countWith(viewOf(catalogs.of(child)), column, id), 0)
    const needs = parts.map(({ child }) => child.name)
    if (model.hierarchy !== true) return { column: { name, read: ({ id }) => countAt(id) }, needs }
    // As many as a filter by the row finds: what lies below it in the tree counts too.
    const read: Column<number>['read'] = ({ id }) =>
      [id, ...descendants(catalogs, model, id)].reduce((sum, one) => sum + countAt(one), 0)
    return { column: { name, read }, needs: [...needs, model.name] }
  })
}

const isDerived = (given: string | readonly string[] | DerivedCount): given is DerivedCount =>
  typeof given === 'object' && 'read' in given

/** The counts that are shown of each row of a list. The rows of their `needs` must be at hand. */
export function countsOf(
  model: Model,
  sources: Sources,
  isShown: (name: string) => boolean,
): (row: Row) => Record<string, number> {
  const columns = countColumns(model, sources).filter(({ column }) => isShown(column.name))
  return (row) => Object.fromEntries(columns.map(({ column }) => [column.name, column.read(row)]))
}
