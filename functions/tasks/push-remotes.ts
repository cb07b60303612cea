import * as z from 'zod'
import { PushJob, PushRound } from '../../events/payloads.ts'
import { pushAfterRun, type PushReport } from '../../shared/backups/remotes/push-after-run.ts'
import type { PushStores, PushTime } from '../../shared/backups/remotes/push-remote.ts'
import { deps } from '../lib/deps.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

/** The function has 15 minutes: another step is begun in the first ten, and what is under way then has four more. */
const beginMs = 10 * 60_000
const endMs = 14 * 60_000

export const handler = taskLambda(
  z.union([PushRound, PushJob]),
  async (input): Promise<PushReport | (PushJob & { isDone: boolean })> => {
    const { engine, archive, keyService } = deps
    const warn: PushStores['warn'] = (message, details) => logger.warn(message, details)
    const stores: PushStores = { engine, archive, keyService, warn }
    const until = Date.now() + beginMs
    const time: PushTime = { hasTime: () => Date.now() < until, signal: AbortSignal.timeout(endMs) }
    if ('runId' in input) return pushAfterRun(stores, input, time)
    const { runPushJob } = await import('../../shared/backups/remotes/run-push-job.ts')
    return { ...input, isDone: await runPushJob(stores, input, time) }
  },
)
