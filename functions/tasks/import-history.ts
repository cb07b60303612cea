import { JobInput, type HistoryStep } from '../../events/payloads.ts'
import { runHistoryImport } from '../../shared/backups/history/run-history.ts'
import { deps } from '../lib/deps.ts'
import { taskLambda } from '../lib/task.ts'

/** One invocation works for so long; the workflow calls the next one. Its time limit leaves room for what is begun. */
const workingMs = 10 * 60_000

export const handler = taskLambda(JobInput, async (input): Promise<HistoryStep> => {
  const { engine, archive, work, keyService, now } = deps
  const stores = { engine, archive, work, keyService }
  const { next } = await runHistoryImport(stores, input, now().getTime() + workingMs)
  return { ...input, next }
})
