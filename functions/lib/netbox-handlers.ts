import type { netboxRoutes } from '../../shared/core/netbox/routes.ts'
import type { Handlers } from '../../shared/http/route.ts'
import { beginJob } from './begin-job.ts'
import type { Deps } from './deps.ts'

/** Sources of devices. */
export const netboxHandlers = (deps: Deps): Handlers<typeof netboxRoutes> => ({
  syncNetbox: async ({ params, body, caller, request }) => {
    const { syncJob } = await import('../../shared/core/netbox/sync-job.ts')
    return beginJob(deps, request, await syncJob(deps.engine, { id: params.id, ...body }, caller))
  },
})
