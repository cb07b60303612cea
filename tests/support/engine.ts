import type { RowTools } from '../../shared/backups/facts/observe.ts'
import { idSource } from '../../shared/ids.ts'
import { systemActor } from '../../shared/model/change.ts'
import { createEngine, type Engine, type EngineParts } from '../../shared/model/engine.ts'
import { registry } from '../../shared/models.ts'
import type { DynamoTableOptions } from '../../shared/table/dynamo-table.ts'
import { startTable, type TestTable } from './table.ts'

export const actor = systemActor('00000000-0000-4000-8000-000000000000')

/** What recording needs to write rows itself. */
export const rowTools = (now: () => Date = () => new Date()): RowTools => ({
  registry,
  ids: idSource(now),
  random: Math.random,
})

/** Seals by a mark: what is stored can be told from what was given. */
export const seal = async (plaintext: string): Promise<string> =>
  `sealed:${Buffer.from(plaintext).toString('hex')}`

export type TestEngine = {
  engine: Engine
  served: TestTable
  /** Another container over the same table. */
  another(parts?: Partial<EngineParts>): Engine
  stop(): Promise<void>
}

/** The engine with all models over a table of its own. */
export async function startEngine(
  options: Omit<DynamoTableOptions, 'client' | 'name'> = {},
): Promise<TestEngine> {
  const served = await startTable(options)
  const another = (parts: Partial<EngineParts> = {}): Engine =>
    createEngine({ table: served.table, registry, seal, now: () => new Date(), ...parts })
  return { engine: another(), served, another, stop: () => served.stop() }
}
