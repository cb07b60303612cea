import * as z from 'zod'
import { sweepJobs } from '../../shared/core/sweep-jobs.ts'
import { deps } from '../lib/deps.ts'
import { jobExecutions } from '../lib/job-executions.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

export const handler = taskLambda(z.unknown(), async () => {
  const done = await sweepJobs({ engine: deps.engine, executions: await jobExecutions() })
  if (Object.values(done).some((ids) => ids.length > 0)) logger.warn('jobs were swept', done)
})
