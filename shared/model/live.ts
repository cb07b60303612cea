import type { Model, Row } from './define.ts'
import type { Engine } from './engine.ts'

/** The fields of rows that change by themselves, by id. A row without any is left out. */
export async function readLive(
  { table }: Pick<Engine, 'table'>,
  { live }: Model,
  rows: readonly Row[],
): Promise<Map<number, Record<string, unknown>>> {
  if (live === undefined) return new Map()
  const found = await table.getMany(
    live.schema,
    rows.map(({ id }) => live.key(id)),
  )
  return new Map(
    rows.flatMap(({ id }, index) => (found[index] === undefined ? [] : [[id, found[index]] as const])),
  )
}
