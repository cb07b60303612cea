import type { recordingRoutes } from '../../shared/backups/recordings/routes.ts'
import type { Handlers } from '../../shared/http/route.ts'
import { beginJob } from './begin-job.ts'
import type { Deps } from './deps.ts'

/** Sessions as files. Only the collector speaks to devices: recording is a job. */
export const recordingHandlers = (deps: Deps): Handlers<typeof recordingRoutes> => ({
  recordSession: async ({ params, body, caller, request }) => {
    const { recordingJob } = await import('../../shared/backups/recordings/record-session-job.ts')
    return beginJob(deps, request, await recordingJob(deps.engine, params.id, body, caller))
  },
  sessionRecording: async ({ params, query }) => {
    const { readRecording } = await import('../../shared/backups/recordings/recordings.ts')
    const { rangeOf } = await import('../../shared/backups/answer-part.ts')
    const { name, part, total } = await readRecording(deps, params.id, query)
    return {
      headers: {
        'content-type': 'application/json',
        'content-disposition': `attachment; filename="${name}"`,
        'content-range': rangeOf(part, query.offset, total),
        'cache-control': 'no-store',
      },
      body: part,
    }
  },
})
