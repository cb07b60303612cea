import { eventCatalog } from '../../events/catalog.ts'
import { uploadOwner } from '../../shared/imports/job-notes.ts'
import { startUploaded } from '../../shared/imports/start-uploaded.ts'
import { deps } from '../lib/deps.ts'
import { jobExecutions } from '../lib/job-executions.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

/** The file of an import is there. Delivered twice, the second finds the job begun. */
export const handler = taskLambda(eventCatalog.uploadArrived.schema, async ({ detail }) => {
  const jobId = uploadOwner(detail.object.key)
  if (jobId === undefined) return
  const isStarted = await startUploaded({ engine: deps.engine, executions: await jobExecutions() }, jobId)
  logger.info('upload arrived', { jobId, bytes: detail.object.size, isStarted })
})
