import * as z from 'zod'
import type { IndexReport } from '../../events/payloads.ts'
import { indexConfigs } from '../../shared/backups/search/index-configs.ts'
import { deps } from '../lib/deps.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

/** The rest of the function's time is for the part of the index that is under way. */
const secondsMax = 600

export const handler = taskLambda(z.object({ runId: z.int() }), async ({ runId }): Promise<IndexReport> => {
  const { engine, archive, work, now } = deps
  const indexed = await indexConfigs({ engine, archive, work, now }, now().getTime() + secondsMax * 1000)
  logger.info('configurations indexed', { runId, ...indexed })
  return { runId, done: indexed.done }
})
