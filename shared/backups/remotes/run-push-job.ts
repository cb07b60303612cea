import { claimJob, finishJob } from '../../core/jobs.ts'
import { getRow } from '../../model/records.ts'
import { gitRemote } from '../models/git-remote.ts'
import { PushParams } from './push-job.ts'
import { pushRemote, type PushStores, type PushTime } from './push-remote.ts'

/** @returns whether nothing is left to do. @throws AppError `job_taken`, `job_finished` */
export async function runPushJob(
  stores: PushStores,
  { jobId, execution }: { jobId: number; execution: string },
  time: PushTime,
): Promise<boolean> {
  const { engine } = stores
  const job = await claimJob(engine, jobId, execution)
  const remote = await getRow(engine, gitRemote, PushParams.parse(job.params).remote)
  if (remote === undefined) {
    await finishJob(engine, jobId, { state: 'failed', error: 'the remote was deleted' })
    return true
  }
  const { commit = null, isDone, error } = await pushRemote(stores, remote, time)
  if (isDone === false) return false
  if (error === undefined) await finishJob(engine, jobId, { state: 'completed', result: { commit } })
  else await finishJob(engine, jobId, { state: 'failed', error: `${error.reason}: ${error.message}` })
  return true
}
