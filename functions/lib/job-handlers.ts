import type * as z from 'zod'
import { cancelJob, resumeJob } from '../../shared/core/job-control.ts'
import { jobFileLink, jobFiles } from '../../shared/core/job-files.ts'
import type { jobRoutes, JobShown } from '../../shared/core/job-routes.ts'
import type { Job } from '../../shared/core/jobs.ts'
import { readJobFor, showJob } from '../../shared/core/show-job.ts'
import { pageLinks, pageOf } from '../../shared/http/paging.ts'
import type { HttpRequest } from '../../shared/http/request.ts'
import type { Handlers } from '../../shared/http/route.ts'
import { readErrors } from '../../shared/imports/error-pages.ts'
import { readPage } from '../../shared/model/query.ts'
import type { Deps } from './deps.ts'
import { jobExecutions } from './job-executions.ts'

/** Imports, and what can be done with jobs. */
export const jobHandlers = (deps: Deps): Handlers<typeof jobRoutes> => ({
  startImport: async ({ body, caller, request }) => {
    const { engine, work, workLinks: links } = deps
    const { requestImport } = await import('../../shared/imports/request-import.ts')
    const executions = await jobExecutions()
    const { job, upload } = await requestImport({ engine, work, links, executions }, body, caller)
    return { ...(await jobOf(deps, request, job)), ...(upload === undefined ? {} : { upload }) }
  },
  cancelJob: async ({ params, caller, request }) => {
    await readJobFor(deps.engine, params.id, caller, 'change')
    const executions = await jobExecutions()
    return jobOf(deps, request, await cancelJob({ engine: deps.engine, executions }, params.id, caller))
  },
  resumeJob: async ({ params, caller, request }) => {
    await readJobFor(deps.engine, params.id, caller, 'change')
    const executions = await jobExecutions()
    return jobOf(deps, request, await resumeJob({ engine: deps.engine, executions }, params.id))
  },
  jobErrors: async ({ params, caller, request }) => {
    const { result } = await readJobFor(deps.engine, params.id, caller, 'view')
    const { page } = readPage(request.query)
    const count = Number(result?.['error_count'] ?? 0)
    const results = await readErrors(deps.work, params.id, page)
    return { count, ...pageLinks(request, { count, page }), results }
  },
  jobFiles: async ({ params, caller, request }) => {
    await readJobFor(deps.engine, params.id, caller, 'view')
    return pageOf(request, await jobFiles(fileStores(deps), params.id), (file) => file)
  },
  jobFile: async ({ params, caller }) => {
    await readJobFor(deps.engine, params.id, caller, 'view')
    const location = await jobFileLink(fileStores(deps), params.id, params.name)
    return { status: 302, headers: { location, 'content-type': 'text/plain' }, body: '' }
  },
})

const fileStores = ({ engine, work, workLinks: links }: Deps) => ({ engine, work, links })

/** As the model shows it: the shape that the routes promise. */
const jobOf = async ({ engine }: Deps, request: HttpRequest, found: Job) =>
  (await showJob(engine, request.links, found)) as z.input<typeof JobShown>
