import { systemActor } from '../../model/change.ts'
import type { Engine } from '../../model/engine.ts'
import { logRun } from '../runs/run-log.ts'
import type { FillableField } from './compared.ts'
import { readConflicts } from './conflicts.ts'
import { decideEach } from './decide.ts'

/** So many are written in a minute or two; the next run goes on. */
const filledMax = 20_000

/**
 * Fills empty fields of the inventory with what the devices say, where the deployment wants it. What somebody has
 * told to leave is left; what cannot be written is still to be seen among the conflicts. May be repeated.
 */
export async function fillEmpty(
  engine: Engine,
  runId: number,
  fields: readonly FillableField[],
): Promise<{ filled: number; failed: number }> {
  if (fields.length === 0) return { filled: 0, failed: 0 }
  const found = await readConflicts(engine, { field: [...fields], kind: 'missing', state: 'new' })
  const conflicts = found.conflicts.slice(0, filledMax)
  const decider = { actor: systemActor(`run-${runId}`), reason: 'the field was empty' }
  const left = await decideEach(engine, { ...found, conflicts }, 'accept', decider)
  const filled = conflicts.length - left.length
  if (filled > 0) {
    const message = `${filled} empty fields of the inventory were filled with what the devices say`
    await logRun(engine.table, runId, { at: engine.now().toISOString(), level: 'info', message })
  }
  return { filled, failed: left.length }
}
