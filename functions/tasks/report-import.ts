import { JobInput } from '../../events/payloads.ts'
import { reportImport } from '../../shared/imports/report-import.ts'
import { deps } from '../lib/deps.ts'
import { taskLambda } from '../lib/task.ts'

export const handler = taskLambda(JobInput, async ({ jobId }) => {
  const { engine, work } = deps
  await reportImport({ engine, work }, jobId)
  return { jobId }
})
