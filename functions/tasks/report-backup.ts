import * as z from 'zod'
import { reportRun } from '../../shared/backups/runs/close-run.ts'
import { deps } from '../lib/deps.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

export const handler = taskLambda(z.object({ runId: z.int() }), async ({ runId }) => {
  const { engine, now } = deps
  const { status, total, changed, unchanged, failed, skipped } = await reportRun({ engine, now }, runId)
  const counts = { total, changed, unchanged, failed, skipped }
  // The dashboard's metric filter reads this line: one per run, never one per device.
  logger.info('backup run finished', { runId, status, ...counts })
  return { runId, status, ...counts }
})
