import * as z from 'zod'
import { sweepRuns } from '../../shared/backups/runs/sweep-runs.ts'
import { deps } from '../lib/deps.ts'
import { backupExecutions } from '../lib/backup-executions.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

export const handler = taskLambda(z.unknown(), async () => {
  const { engine, archive, now } = deps
  const closed = await sweepRuns({ engine, archive, executions: await backupExecutions(), now })
  if (closed.length > 0) logger.warn('backup runs without an execution were closed', { closed })
})
