import { SyncJob } from '../../events/payloads.ts'
import { runSync } from '../../shared/core/netbox/run-sync.ts'
import { deps } from '../lib/deps.ts'
import { taskLambda } from '../lib/task.ts'

/** One invocation works for so long; the workflow calls the next one. Its time limit leaves room for a last part. */
const workingMs = 10 * 60_000

export const handler = taskLambda(SyncJob, async (input): Promise<SyncJob & { isDone: boolean }> => {
  const { engine, work, keyService, now } = deps
  const isDone = await runSync({ engine, work, keyService }, input, now().getTime() + workingMs)
  return { ...input, isDone }
})
