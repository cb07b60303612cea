import * as z from 'zod'
import { indexConfigs } from '../../shared/backups/search/index-configs.ts'
import { deps } from '../lib/deps.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

/** What is left then is for the next time. */
const secondsMax = 600

export const handler = taskLambda(z.unknown(), async () => {
  const { engine, archive, work, now } = deps
  const indexed = await indexConfigs({ engine, archive, work, now }, now().getTime() + secondsMax * 1000)
  if (indexed.shards > 0) logger.info('configurations indexed', { ...indexed })
})
