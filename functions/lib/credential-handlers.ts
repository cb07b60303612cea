import type * as z from 'zod'
import type { credentialRoutes } from '../../shared/backups/credential-routes.ts'
import { dropFormer, rotateCredential } from '../../shared/backups/rotate-credential.ts'
import { usedBy } from '../../shared/backups/used-by.ts'
import type { JobShown } from '../../shared/core/job-routes.ts'
import type { NewJob } from '../../shared/core/jobs.ts'
import { showJob } from '../../shared/core/show-job.ts'
import type { HttpRequest } from '../../shared/http/request.ts'
import type { Handlers } from '../../shared/http/route.ts'
import type { Deps } from './deps.ts'
import { jobExecutions } from './job-executions.ts'

/** What can be done with credentials. What needs their secrets is a job: the API cannot open them. */
export const credentialHandlers = (deps: Deps): Handlers<typeof credentialRoutes> => ({
  testCredential: async ({ params, body, caller, request }) => {
    const { credentialTest } = await import('../../shared/backups/test-credential-job.ts')
    const asked = { credential: params.id, device: body.device }
    return begin(deps, request, await credentialTest(deps.engine, asked, caller))
  },
  renewKeyring: async ({ caller, request }) => {
    const asked = { name: 'Sealing of all secrets anew', kind: 'reseal_secrets', actor: caller }
    return begin(deps, request, asked)
  },
  rotateCredential: async ({ params, body, caller }) =>
    rotateCredential(deps.engine, params.id, body, caller),
  dropFormerSecrets: async ({ params, caller }) => {
    await dropFormer(deps.engine, params.id, caller, 'former secrets dropped')
    return undefined
  },
  credentialUsedBy: async ({ params, query, request }) => usedBy(deps.engine, params.id, query, request),
})

/** Starts a job, shown as the model shows it. */
export async function begin({ engine }: Deps, request: HttpRequest, asked: NewJob) {
  const { startJob } = await import('../../shared/core/job-control.ts')
  const started = await startJob({ engine, executions: await jobExecutions() }, asked)
  // As the model shows it: the shape that the routes promise.
  return (await showJob(engine, request.links, started)) as z.input<typeof JobShown>
}
