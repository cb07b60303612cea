import * as z from 'zod'
import { notifyRun } from '../../shared/backups/notify/notify-run.ts'
import { deps } from '../lib/deps.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

export const handler = taskLambda(z.object({ runId: z.int() }), async ({ runId }) => {
  const { engine, archive, keyService } = deps
  const told = await notifyRun({ engine, archive, keyService }, runId)
  logger.info('subscribers notified', { runId, ...told })
  return { runId, ...told }
})
