import { JobInput } from '../../events/payloads.ts'
import { runExport } from '../../shared/exports/export-job.ts'
import { deps } from '../lib/deps.ts'
import { taskLambda } from '../lib/task.ts'

export const handler = taskLambda(JobInput, async ({ jobId, execution }) => {
  const { engine, work } = deps
  await runExport({ engine, work }, jobId, execution)
  return { jobId }
})
