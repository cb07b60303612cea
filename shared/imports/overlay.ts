import type { Model, Row } from '../model/define.ts'
import { itemOf } from '../model/rows.ts'
import type { Item, Table } from '../table/table.ts'

/**
 * The table as it will be once these rows are written, for rules that look at what a row refers to: rows of one file
 * may refer to each other. Nothing can be written to it.
 */
export function tableWith(table: Table, model: Model, rows: readonly Row[]): Table {
  const planned = new Map<string, Item>(rows.map((row) => itemOf(model, row)).map((item) => [item.pk, item]))
  return {
    get: async (schema, key) => {
      const item = planned.get(key.pk)
      return item === undefined ? table.get(schema, key) : schema.parse(item)
    },
    getMany: async (schema, keys) => {
      const there = await table.getMany(
        schema,
        keys.filter(({ pk }) => !planned.has(pk)),
      )
      const left = there[Symbol.iterator]()
      return keys.map(({ pk }) => {
        const item = planned.get(pk)
        return item === undefined ? left.next().value : schema.parse(item)
      })
    },
    query: (schema, range) => table.query(schema, range),
    count: (range, where) => table.count(range, where),
    write: () => Promise.reject(new Error('an import that is being checked writes nothing')),
  }
}
