import type * as z from 'zod'
import type { JobShown } from '../../shared/core/job-routes.ts'
import type { NewJob } from '../../shared/core/jobs.ts'
import { showJob } from '../../shared/core/show-job.ts'
import type { HttpRequest } from '../../shared/http/request.ts'
import type { Deps } from './deps.ts'
import { jobExecutions } from './job-executions.ts'

/** A job and its execution. @returns what the request is answered with */
export async function beginJob({ engine }: Deps, request: HttpRequest, asked: NewJob) {
  const { startJob } = await import('../../shared/core/job-control.ts')
  const started = await startJob({ engine, executions: await jobExecutions() }, asked)
  // As the model shows it: the shape that the routes promise.
  return (await showJob(engine, request.links, started)) as z.input<typeof JobShown>
}
