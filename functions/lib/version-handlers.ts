import type * as z from 'zod'
import { readDevice } from '../../shared/backups/device-records.ts'
import type { retentionRoutes } from '../../shared/backups/retention/routes.ts'
import { pinVersion, unpinVersion } from '../../shared/backups/retention/pins.ts'
import { showVersion } from '../../shared/backups/show.ts'
import type { JobShown } from '../../shared/core/job-routes.ts'
import { showJob } from '../../shared/core/show-job.ts'
import type { Handlers } from '../../shared/http/route.ts'
import type { Deps } from './deps.ts'
import { jobExecutions } from './job-executions.ts'

/** Which stored versions are kept. */
export const versionHandlers = (deps: Deps): Handlers<typeof retentionRoutes> => ({
  pinVersion: async ({ params, body, caller }) => {
    await readDevice(deps.engine, params.id)
    const asked = { deviceId: params.id, version: params.version, ...body }
    const { stored, pin } = await pinVersion(deps.engine, asked, caller)
    return showVersion(stored, pin)
  },
  unpinVersion: async ({ params, body, caller }) => {
    await readDevice(deps.engine, params.id)
    const asked = { deviceId: params.id, version: params.version, ...body }
    const { stored, pin } = await unpinVersion(deps.engine, asked, caller)
    return showVersion(stored, pin)
  },
  applyRetention: async ({ body, caller, request }) => {
    const { startJob } = await import('../../shared/core/job-control.ts')
    const { retentionJob } = await import('../../shared/backups/retention/policies.ts')
    const stores = { engine: deps.engine, executions: await jobExecutions() }
    const started = await startJob(stores, retentionJob(body.dry_run, caller))
    // As the model shows it: the shape that the routes promise.
    return (await showJob(deps.engine, request.links, started)) as z.input<typeof JobShown>
  },
})
