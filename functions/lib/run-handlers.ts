import { checkTarget } from '../../shared/backups/schedules/check-target.ts'
import { run } from '../../shared/backups/models/run.ts'
import type { notifyRoutes } from '../../shared/backups/notify/routes.ts'
import { progressOf, readHeadsSoFar, readResults, runLogAfter } from '../../shared/backups/runs/progress.ts'
import { isSignificant } from '../../shared/backups/records.ts'
import type { runRoutes } from '../../shared/backups/runs/routes.ts'
import { readRun } from '../../shared/backups/runs/runs.ts'
import { showResult, withLogsThatFit } from '../../shared/backups/show.ts'
import { pageOf } from '../../shared/http/paging.ts'
import type { Handlers } from '../../shared/http/route.ts'
import { urlOf } from '../../shared/model/output.ts'
import { displayOf } from '../../shared/model/rows.ts'
import { backupExecutions } from './backup-executions.ts'
import { beginJob } from './begin-job.ts'
import type { Deps } from './deps.ts'

type RunRoutes = typeof runRoutes & typeof notifyRoutes

/** Backup runs: begun, watched, told of and stopped. */
export const runHandlers = (deps: Deps): Handlers<RunRoutes> => ({
  startRun: async ({ body: { message, ignore_windows, ...target }, caller, request }) => {
    const { startRun } = await import('../../shared/backups/runs/start-run.ts')
    await checkTarget(deps.engine, target)
    const asked = {
      target,
      actor: caller,
      ignoreWindows: ignore_windows,
      ...(message === undefined ? {} : { message }),
    }
    const { engine, now } = deps
    const created = await startRun({ engine, now, executions: await backupExecutions() }, asked)
    const { id, status } = created
    return { id, status, url: urlOf(request.links, run, id), display: displayOf(run, created) }
  },
  runProgress: async ({ params }) => progressOf(deps.table, await readRun(deps.engine, params.id)),
  runResults: async ({ params, query, request }) => {
    const { status, category, significant } = query
    const heads = await readHeadsSoFar(deps.table, await readRun(deps.engine, params.id))
    const wanted = heads.filter(
      (result) =>
        (status === undefined || result.status === status) &&
        (category === undefined || result.category === category) &&
        (significant === undefined || (result.status === 'changed' && isSignificant(result) === significant)),
    )
    const sorted = wanted.toSorted((a, b) => a.name.localeCompare(b.name) || a.deviceId - b.deviceId)
    const page = pageOf(request, sorted, ({ deviceId }) => deviceId)
    const whole = await readResults(deps.table, params.id, page.results)
    return { ...page, results: withLogsThatFit(whole.map(showResult)) }
  },
  runNotifications: async ({ params }) => {
    const { readNotifications } = await import('../../shared/backups/notify/notifications.ts')
    return readNotifications(deps.engine, params.id)
  },
  testSubscription: async ({ params, caller, request }) => {
    const { subscriptionTest } = await import('../../shared/backups/notify/test-job.ts')
    return beginJob(deps, request, await subscriptionTest(deps.engine, params.id, caller))
  },
  runLog: async ({ params, query }) => {
    await readRun(deps.engine, params.id)
    return runLogAfter(deps.table, params.id, query.after)
  },
  cancelRun: async ({ params, caller }) => {
    const { engine, now } = deps
    const stores = { engine, now, executions: await backupExecutions() }
    const { cancelRun } = await import('../../shared/backups/runs/start-run.ts')
    return progressOf(deps.table, await cancelRun(stores, params.id, caller))
  },
  pauseRun: async ({ params, caller }) => {
    const { pauseRun } = await import('../../shared/backups/runs/pause-run.ts')
    return progressOf(deps.table, await pauseRun(deps, params.id, caller))
  },
  resumeRun: async ({ params, caller }) => {
    const { engine, now } = deps
    const stores = { engine, now, executions: await backupExecutions() }
    const { resumeRun } = await import('../../shared/backups/runs/pause-run.ts')
    return progressOf(deps.table, await resumeRun(stores, params.id, caller))
  },
})
