import { JobInput, type JobStep } from '../../events/payloads.ts'
import { applyImport } from '../../shared/imports/apply-import.ts'
import { deps } from '../lib/deps.ts'
import { taskLambda } from '../lib/task.ts'

/** One invocation writes for so long; the workflow calls the next one. Its time limit leaves room for a last part. */
const writingMs = 10 * 60_000

export const handler = taskLambda(JobInput, async ({ jobId, kind, execution }): Promise<JobStep> => {
  const { engine, work, now } = deps
  const { next } = await applyImport({ engine, work }, jobId, now().getTime() + writingMs)
  return { jobId, kind, execution, next }
})
