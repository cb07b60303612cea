import type * as z from 'zod'
import type { historyRoutes } from '../../shared/backups/history/routes.ts'
import type { JobShown } from '../../shared/core/job-routes.ts'
import { showJob } from '../../shared/core/show-job.ts'
import type { Handlers } from '../../shared/http/route.ts'
import type { Deps } from './deps.ts'
import { jobExecutions } from './job-executions.ts'

/** Histories of other tools. */
export const historyHandlers = ({ engine, workLinks: links }: Deps): Handlers<typeof historyRoutes> => ({
  importHistory: async ({ body, caller, request }) => {
    const { requestHistoryImport } = await import('../../shared/backups/history/request-history.ts')
    const executions = await jobExecutions()
    const { job, upload } = await requestHistoryImport({ engine, executions, links }, body, caller)
    // As the model shows it: the shape that the routes promise.
    const shown = (await showJob(engine, request.links, job)) as z.input<typeof JobShown>
    return { ...shown, ...(upload === undefined ? {} : { upload }) }
  },
})
