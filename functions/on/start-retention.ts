import * as z from 'zod'
import { startDailyRetention } from '../../shared/backups/retention/policies.ts'
import { deps } from '../lib/deps.ts'
import { jobExecutions } from '../lib/job-executions.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

export const handler = taskLambda(z.unknown(), async () => {
  const stores = { engine: deps.engine, executions: await jobExecutions() }
  const started = await startDailyRetention(stores, 'daily-retention')
  if (started !== undefined) logger.info('retention was begun', { jobId: started.id })
})
