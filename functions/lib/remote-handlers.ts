import type { remoteRoutes } from '../../shared/backups/remotes/routes.ts'
import type { Handlers } from '../../shared/http/route.ts'
import type { Deps } from './deps.ts'
import { beginJob } from './begin-job.ts'

/** Git remotes: how far they are, and a push at once. */
export const remoteHandlers = (deps: Deps): Handlers<typeof remoteRoutes> => ({
  remoteState: async ({ params }) => {
    const { readRemoteState } = await import('../../shared/backups/remotes/remote-state.ts')
    return readRemoteState(deps.engine, params.id)
  },
  pushRemote: async ({ params, caller, request }) => {
    const { pushJob } = await import('../../shared/backups/remotes/push-job.ts')
    return beginJob(deps, request, await pushJob(deps.engine, params.id, caller))
  },
})
