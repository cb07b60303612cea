import { JobInput, type JobStep } from '../../events/payloads.ts'
import { checkImport } from '../../shared/imports/check-import.ts'
import { deps } from '../lib/deps.ts'
import { taskLambda } from '../lib/task.ts'

export const handler = taskLambda(JobInput, async ({ jobId, kind, execution }): Promise<JobStep> => {
  const { engine, work } = deps
  const { next } = await checkImport({ engine, work }, jobId, execution)
  return { jobId, kind, execution, next }
})
