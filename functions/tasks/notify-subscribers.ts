import * as z from 'zod'
import type { Topics } from '../../shared/backups/notify/topic.ts'
import { notifyRun } from '../../shared/backups/notify/notify-run.ts'
import { deps } from '../lib/deps.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

/** The client is loaded with the first message to a topic. */
const topics: Topics = {
  publish: async (publication) => (await import('../lib/sns-topics.ts')).snsTopics.publish(publication),
}

export const handler = taskLambda(z.object({ runId: z.int() }), async ({ runId }) => {
  const { engine, archive, keyService } = deps
  const told = await notifyRun({ engine, archive, keyService, topics }, runId)
  logger.info('subscribers notified', { runId, ...told })
  return { runId, ...told }
})
