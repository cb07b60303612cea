import type { Column } from '../catalog/view.ts'
import type { CustomField } from './custom-field.ts'
import { customValuesOf } from './custom-values.ts'
import type { Row } from './define.ts'
import type { Filter } from './filter-tests.ts'
import { parseId } from './filter-values.ts'

/** What a custom field is called where names of fields stand side by side: in filters, orders and files. */
export const customColumn = (name: string): string => `cf_${name}`

/** The value of a row under such a name; null for any other. */
export function customValueAt(row: Row, column: string): unknown {
  return column.startsWith('cf_') ? (customValuesOf(row)[column.slice('cf_'.length)] ?? null) : null
}

/**
 * The filters of a custom field, from those that a field of its kind has under its column. Objects are told by their
 * ids. A loose text is found by a part of it.
 */
export function customFilters({ name, field, filterLogic }: CustomField, like: readonly Filter[]): Filter[] {
  if (filterLogic === 'disabled') return []
  const column: Column = { name: customColumn(name), read: (row) => customValueAt(row, customColumn(name)) }
  if (field.kind === 'ref' || field.kind === 'refs') {
    return [
      {
        name: column.name,
        kind: 'reference',
        column,
        parse: parseId,
        needs: [],
        to: field.to,
        type: 'integer',
      },
    ]
  }
  const isLoose = filterLogic === 'loose'
  return like.map((filter) => ({
    ...filter,
    column,
    ...(isLoose && filter.kind === 'text' ? { isLoose } : {}),
  }))
}
