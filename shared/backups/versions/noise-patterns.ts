import type { RowOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { rowsOf } from '../../model/rows-of.ts'
import { storedSchema } from '../../model/rows.ts'
import { keys } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import { noiseRule } from '../models/noise-rule.ts'
import type { PatternsOf } from './noise.ts'

/** All rules, as of now. */
export const readNoiseRules = async (engine: Engine): Promise<RowOf<typeof noiseRule>[]> => [
  ...(await rowsOf(engine, noiseRule)).values(),
]

/** Patterns of rules by their ids, read once for all devices of a batch; of rules that are gone or off by now, none. */
export function noisePatterns(table: Table): PatternsOf {
  const known = new Map<string, Promise<string[]>>()
  const read = async (ids: readonly number[]): Promise<string[]> => {
    const found = await table.getMany(
      storedSchema(noiseRule),
      ids.map((id) => keys.entity(noiseRule.name, id)),
    )
    return found.flatMap((one) => (one?.enabled === true ? [one.pattern] : []))
  }
  return (ids) => {
    const name = ids.join()
    const patterns = known.get(name) ?? read(ids)
    known.set(name, patterns)
    return patterns
  }
}
