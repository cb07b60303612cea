import type { RowOf } from '../../model/define.ts'
import { closeStoppedRun, commitRunConfigs, type CloseStores } from './close-run.ts'
import type { Executions } from '../../executions.ts'
import { executionName } from './executions.ts'
import { isOpen } from './run-status.ts'
import { run } from '../models/run.ts'

/** A run that was changed within this may not have its execution yet. */
const graceMs = 2 * 60_000
/** A collector outlives a stopped execution by its own 15 minutes at most, and what it stores then is to be committed. */
const lateMs = 20 * 60_000
const late = { cut: 'interrupted' } as const
const stopped: ReadonlySet<string> = new Set(['interrupted', 'cancelled', 'failed'])

/**
 * Ends runs that are open while their execution is not running: its end was not heard of, or it never began.
 * @returns their ids.
 */
export async function sweepRuns(stores: CloseStores & { executions: Executions }): Promise<number[]> {
  const { engine, executions, now } = stores
  const catalog = engine.catalogs.of(run)
  await catalog.refresh()
  const latest = now().getTime() - graceMs
  const since = now().getTime() - lateMs
  const closed: number[] = []
  for (const row of catalog.rows.values()) {
    // A catalog holds the rows of its own model.
    const { id, status, last_updated, finished, execution, pauses } = row as RowOf<typeof run>
    if (!isOpen(status)) {
      const isRecent = finished !== null && Date.parse(finished) > since
      if (isRecent && stopped.has(status)) await commitRunConfigs(stores, id, late)
      continue
    }
    // Whoever has just changed it is still at it: one that was resumed may not have its execution yet either.
    if (Date.parse(last_updated) > latest) continue
    // A paused run waits for a person.
    if (status === 'paused' && execution === null) continue
    if (await executions.isRunning(execution ?? executions.arnOf(executionName({ id, pauses })))) continue
    await closeStoppedRun(stores, id, { status: 'interrupted', reason: 'its execution is gone' })
    closed.push(id)
  }
  return closed
}
