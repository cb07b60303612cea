import { AppError } from '../errors.ts'
import { launchJob, type ControlStores } from '../core/job-control.ts'
import { advanceJob, readJob } from '../core/jobs.ts'
import { readJournal } from './job-notes.ts'

/** Starts the import whose file has come. @returns whether there was one that waited for it. */
export async function startUploaded({ engine, executions }: ControlStores, jobId: number): Promise<boolean> {
  try {
    const found = await readJob(engine, jobId)
    if (found.state !== 'pending') return false
    const waiting = await advanceJob(engine, jobId, (job) => ({
      journal: { ...readJournal(job), awaitsUpload: false },
    }))
    await launchJob({ engine, executions }, waiting)
    return true
  } catch (error) {
    // Deleted or ended while the event was on its way.
    if (error instanceof AppError && (error.code === 'not_found' || error.code === 'job_finished'))
      return false
    throw error
  }
}
