import type { Engine } from '../../model/engine.ts'
import type { ObjectStore } from '../../objects.ts'
import { keys } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import { foldUses } from '../credentials/credential-uses.ts'
import { commitRun, type CommittedRun } from '../versions/commit-run.ts'
import { finalStatus, isOpen } from './run-status.ts'
import { countResults } from './progress.ts'
import { RunCommit } from '../records.ts'
import { lastErrors, logRun } from './run-log.ts'
import { advanceRun, noteRun, readRun, type Run } from './runs.ts'

export type CloseStores = { engine: Engine; archive: ObjectStore; now: () => Date }

/** Commits what a run stored, and notes the commit with the run. May be repeated. */
export async function commitRunConfigs(
  { engine, archive, now }: CloseStores,
  runId: number,
  options: Pick<CommittedRun, 'cut'> = {},
): Promise<{ commit: string | undefined; files: number }> {
  const found =
    options.cut === undefined ? await beginCommit(engine, runId, now) : await readRun(engine, runId)
  const counts = await countResults(engine.table, found)
  const done = await commitRun(
    { table: engine.table, archive, now },
    { id: runId, requestedBy: found.requested_by, counts, ...options },
  )
  // A repeated commit finds nothing to do, and the one before may have ended before it could tell.
  const made = await engine.table.get(RunCommit, keys.runCommit(runId))
  if (made !== undefined && made.commit !== found.commit)
    await noteRun(engine, runId, { commit: made.commit })
  for (const path of done.tooLarge) {
    const message = `${path} does not fit the repository even compressed: git keeps its version before`
    await logRun(engine.table, runId, { at: now().toISOString(), level: 'warn', message })
  }
  return { commit: done.commit, files: done.files }
}

/** A run that is paused only now has asked everybody: there is nothing left to wait with. */
async function beginCommit(engine: Engine, runId: number, now: () => Date): Promise<Run> {
  let isLate = false
  const found = await advanceRun(engine, runId, ({ status }) => {
    isLate = status === 'paused'
    return { status: 'committing' }
  })
  const message = 'the pause came too late: all devices had been asked'
  if (isLate) await logRun(engine.table, runId, { at: now().toISOString(), level: 'warn', message })
  return found
}

/** Gives a run its last status, from what became of its devices. */
export async function reportRun(
  { engine, now }: Pick<CloseStores, 'engine' | 'now'>,
  runId: number,
): Promise<Run> {
  const before = await readRun(engine, runId)
  // Reported already, and the answer was lost.
  if (!isOpen(before.status)) return before
  const { total } = before
  await foldUses(engine.table, runId)
  const counts = await countResults(engine.table, before)
  // A device without a result never was heard of again: that is a failure too.
  const missing = Math.max(0, total - counts.changed - counts.unchanged - counts.failed - counts.skipped)
  const final = { ...counts, failed: counts.failed + missing }
  const error = missing === 0 ? {} : { error: await whyMissing(engine.table, runId, missing) }
  const closed = await advanceRun(engine, runId, () => ({
    ...final,
    ...error,
    status: finalStatus(total, final),
    finished: now().toISOString(),
  }))
  await logRun(engine.table, runId, {
    at: now().toISOString(),
    level: closed.status === 'success' ? 'info' : 'warn',
    message: `${closed.status}: ${final.changed} changed, ${final.unchanged} unchanged, ${final.failed} failed${
      final.skipped === 0 ? '' : `, ${final.skipped} skipped`
    }`,
  })
  return closed
}

async function whyMissing(table: Table, runId: number, missing: number): Promise<string> {
  const lines = await lastErrors(table, runId)
  const reason = lines[0]?.message ?? 'their batches ended without a word'
  return `${missing} devices have no result: ${reason}`.slice(0, reasonCharactersMax)
}

/**
 * Ends a run whose execution is gone: what it had stored is committed, so that the table, the archive and git agree,
 * and the run says what happened. A run that has ended is left as it is.
 */
export async function closeStoppedRun(
  stores: CloseStores,
  runId: number,
  stop: { status: 'interrupted' | 'failed' | 'cancelled'; reason: string },
): Promise<void> {
  const { engine, now } = stores
  const found = await readRun(engine, runId)
  await commitRunConfigs(stores, runId, { cut: 'interrupted' })
  await foldUses(engine.table, runId)
  if (!isOpen(found.status)) return
  const counts = await countResults(engine.table, found)
  await advanceRun(engine, runId, () => ({
    ...counts,
    status: stop.status,
    error: stop.reason.slice(0, reasonCharactersMax),
    finished: now().toISOString(),
  }))
  await logRun(engine.table, runId, {
    at: now().toISOString(),
    level: 'error',
    message: `${stop.status}: ${stop.reason}`.slice(0, reasonCharactersMax),
  })
}

const reasonCharactersMax = 2000
