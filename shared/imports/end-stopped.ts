import { executionOf, reviveJob, type ControlStores } from '../core/job-control.ts'
import { finishJob, isOpen, readJob } from '../core/jobs.ts'
import { AppError } from '../errors.ts'
import type { ObjectStore } from '../objects.ts'
import { noteStopped } from './report-import.ts'

export type Stop = { execution: string; status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'; reason: string }

/**
 * What becomes of a job whose execution did not end by itself. A fault of the job's own work ends it as `errored`; what
 * came from outside (a process that was killed, a time limit) begins it again; a cancelled one gets its counts.
 * @returns the job's state now; undefined where there is no such job.
 */
export async function endStoppedJob(
  { work, ...stores }: ControlStores & { work: ObjectStore },
  jobId: number,
  { execution, status, reason }: Stop,
): Promise<string | undefined> {
  const { engine, executions } = stores
  try {
    const found = await readJob(engine, jobId)
    if (!isOpen(found.state)) {
      if (found.state === 'cancelled' && found.kind === 'import') await noteStopped({ engine, work }, jobId)
      return found.state
    }
    if (executionOf(executions, found) !== execution) return found.state
    if (status === 'FAILED') {
      await finishJob(engine, jobId, { state: 'errored', error: reason })
      return 'errored'
    }
    return (await reviveJob(stores, jobId, { execution, reason }))?.state ?? found.state
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  }
}
