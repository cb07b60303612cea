import { eventCatalog } from '../../events/catalog.ts'
import { JobInput } from '../../events/payloads.ts'
import { endStoppedJob } from '../../shared/imports/end-stopped.ts'
import { deps } from '../lib/deps.ts'
import { jobExecutions } from '../lib/job-executions.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

/** A job whose execution failed, ran out of time or was stopped. Delivered twice, the second finds nothing to do. */
export const handler = taskLambda(eventCatalog.executionStopped.schema, async ({ detail }) => {
  const { jobId } = JobInput.pick({ jobId: true }).parse(JSON.parse(detail.input))
  const { engine, work } = deps
  const reason = [detail.error, detail.cause].filter((part) => part != null && part !== '').join(': ')
  const state = await endStoppedJob({ engine, work, executions: await jobExecutions() }, jobId, {
    execution: detail.executionArn,
    status: detail.status,
    reason: reason === '' ? detail.status : reason,
  })
  logger.warn('the execution of a job has stopped', { jobId, status: detail.status, reason, state })
})
