import { JobInput, type RetentionStep } from '../../events/payloads.ts'
import { runRetention } from '../../shared/backups/retention/run-retention.ts'
import { deps } from '../lib/deps.ts'
import { taskLambda } from '../lib/task.ts'

/** One invocation works for so long; the workflow calls the next one. Its time limit leaves room for what is begun. */
const workingMs = 10 * 60_000

export const handler = taskLambda(JobInput, async (input): Promise<RetentionStep> => {
  const { engine, archive, work, now } = deps
  const { next } = await runRetention({ engine, archive, work }, input, now().getTime() + workingMs)
  return { ...input, next }
})
