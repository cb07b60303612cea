import type { RowOf } from '../model/define.ts'
import { deleteRows } from '../model/deletion.ts'
import { systemActor } from '../model/change.ts'
import { executionOf, reviveJob, type ControlStores } from './job-control.ts'
import { finishJob, isOpen, readJob, type Job } from './jobs.ts'
import { job } from './models/job.ts'

/** A job younger than this may not have its execution yet. */
const graceMs = 2 * 60_000
/** A file that has not come by then does not come. */
const uploadMs = 24 * 3_600_000
/** Jobs deleted by one sweep. */
const deletedMax = 500

const options = { actor: systemActor('sweep-jobs'), bySystem: true } as const

/**
 * Begins jobs again whose execution is gone without our hearing of it, ends those whose file never came, and deletes
 * expired ones. @returns ids by what was done.
 */
export async function sweepJobs(
  stores: ControlStores,
): Promise<{ revived: number[]; ended: number[]; deleted: number[] }> {
  const { engine } = stores
  const catalog = engine.catalogs.of(job)
  await catalog.refresh()
  const now = engine.now().getTime()
  const done = { revived: [] as number[], ended: [] as number[], deleted: [] as number[] }
  for (const row of catalog.rows.values()) {
    // A catalog holds the rows of its own model.
    const { id, state, created, expires } = row as RowOf<typeof job>
    if (isOpen(state)) {
      if (Date.parse(created) > now - graceMs) continue
      const swept = await sweepOpen(stores, await readJob(engine, id), now)
      if (swept !== undefined) done[swept].push(id)
    } else if (expires !== null && Date.parse(expires) < now) done.deleted.push(id)
  }
  done.deleted.length = Math.min(done.deleted.length, deletedMax)
  for (const id of done.deleted) await deleteRows(engine, job, [{ id }], options)
  return done
}

async function sweepOpen(
  stores: ControlStores,
  found: Job,
  now: number,
): Promise<'revived' | 'ended' | undefined> {
  const { engine, executions } = stores
  if (isAwaitingUpload(found)) {
    if (Date.parse(found.created) > now - uploadMs) return undefined
    await finishJob(engine, found.id, { state: 'errored', error: 'no file was uploaded within a day' })
    return 'ended'
  }
  const execution = executionOf(executions, found)
  if (await executions.isRunning(execution)) return undefined
  const revived = await reviveJob(stores, found.id, { execution, reason: 'its execution was gone' })
  return revived === undefined ? undefined : isOpen(revived.state) ? 'revived' : 'ended'
}

/** A job whose file is still to come: its arrival starts it. */
const isAwaitingUpload = ({ state, journal }: Pick<Job, 'state' | 'journal'>): boolean =>
  state === 'pending' && journal['awaitsUpload'] === true
