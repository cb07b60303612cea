import { systemActor } from '../../shared/model/change.ts'
import type { Model, Row } from '../../shared/model/define.ts'
import { writeContext, type Engine } from '../../shared/model/engine.ts'
import { withDefaults } from '../../shared/model/input.ts'
import { packWrites } from '../../shared/model/pack-writes.ts'
import { createWrites, type Stamps } from '../../shared/model/writes.ts'

export type Filled = { model: string; ids: number[]; transactions: number; ms: number }

const actor = systemActor('00000000-0000-4000-8000-0000000000be')
/** Nobody changes the parents of rows that a benchmark makes. */
const fresh: Stamps = { get: () => null }

/** Transactions in flight: one process of the store takes no more with profit. */
const inFlight = 4
/** Rows that are handed to one worker at a time. */
const rowsAtOnce = 500

/** Writes rows of one model, in no order. @param valuesOf what is not its field's default, references as ids. */
export async function fillRows(
  engine: Engine,
  model: Model,
  count: number,
  valuesOf: (n: number) => object,
): Promise<Filled> {
  const startedMs = performance.now()
  const ids: number[] = []
  let transactions = 0
  let next = 0
  const work = async (): Promise<void> => {
    while (next < count) {
      const from = next
      next = Math.min(count, next + rowsAtOnce)
      const rows = Array.from({ length: next - from }, (_, n) => rowOf(engine, model, valuesOf(from + n)))
      for (const [n, { id }] of rows.entries()) ids[from + n] = id
      const context = writeContext(engine, { actor, message: 'filled' })
      for (const { writes } of packWrites(rows, (row) =>
        createWrites(context, model, { after: row, stamps: fresh }),
      )) {
        await engine.table.write(writes)
        transactions += 1
      }
    }
  }
  await Promise.all(Array.from({ length: inFlight }, work))
  return { model: model.name, ids, transactions, ms: Math.round(performance.now() - startedMs) }
}

function rowOf(engine: Engine, model: Model, values: object): Row {
  const at = engine.now().toISOString()
  const row: Row = {
    id: engine.ids.next(),
    version: 1,
    created: at,
    last_updated: at,
    ...withDefaults(model, values as Record<string, unknown>),
  }
  return { ...row, ...model.derive?.(row, {}, undefined) }
}
