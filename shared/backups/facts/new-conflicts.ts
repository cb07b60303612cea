import type { Engine } from '../../model/engine.ts'
import { storedSchema } from '../../model/rows.ts'
import { keys } from '../../table/keys.ts'
import { observation } from '../models/observation.ts'
import type { Run } from '../runs/runs.ts'
import { comparedFields } from './compared.ts'
import { readConflicts, type Conflict } from './conflicts.ts'

/** Clocks of two functions may differ by so much; what is let through by it is looked at closely afterwards. */
const skewMs = 5 * 60_000

/**
 * Conflicts that are there since a run: the device said the value for the first time in it, and nobody has decided yet.
 * What somebody made a conflict of by changing the inventory is none of a run. Costs a read for each device that said
 * something new meanwhile and is in conflict.
 */
export async function conflictsSince(
  engine: Engine,
  { id, started }: Pick<Run, 'id' | 'started'>,
): Promise<Conflict[]> {
  const from = started === null ? '' : new Date(Date.parse(started) - skewMs).toISOString()
  const { conflicts } = await readConflicts(engine, { state: 'new' })
  const recent = conflicts.filter(({ observation: { changed } }) => changed !== null && changed >= from)
  const deviceIds = [...new Set(recent.map(({ device }) => device.id))]
  const rows = await engine.table.getMany(
    storedSchema(observation),
    deviceIds.map((deviceId) => keys.entity(observation.name, deviceId)),
  )
  // A catalog has no hidden fields, and the run of a row is that of its last news: these may be of another field.
  const readings = new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.id, row.readings]])))
  return recent.filter(({ device, field }) => readings.get(device.id)?.[comparedFields[field]]?.runId === id)
}
