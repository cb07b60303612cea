import * as z from 'zod'
import { NotifierJob } from '../../events/payloads.ts'
import { notifyRun } from '../../shared/backups/notify/notify-run.ts'
import type { Topics } from '../../shared/backups/notify/topic.ts'
import { deps } from '../lib/deps.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

/** The client is loaded with the first message to a topic. */
const topics: Topics = {
  publish: async (publication) => (await import('../lib/sns-topics.ts')).snsTopics.publish(publication),
}

type Told = { runId: number; sent: number; failed: number }

/** Tells the subscribers of a run, or sends the test message that somebody asked for. */
export const handler = taskLambda(
  z.union([z.object({ runId: z.int() }), NotifierJob]),
  async (input): Promise<Told | { jobId: number }> => {
    const { engine, archive, keyService } = deps
    if ('jobId' in input) {
      const { runSubscriptionTest } = await import('../../shared/backups/notify/run-test.ts')
      await runSubscriptionTest({ engine, keyService, topics }, input)
      return { jobId: input.jobId }
    }
    const told = { ...input, ...(await notifyRun({ engine, archive, keyService, topics }, input.runId)) }
    logger.info('subscribers notified', told)
    return told
  },
)
