import { areas } from '../../shared/areas.ts'
import {
  acceptHostKey,
  readDevice,
  readState,
  readText,
  readVersions,
} from '../../shared/backups/device-records.ts'
import { run } from '../../shared/backups/models/run.ts'
import { forgetJumpHostKey } from '../../shared/backups/jump-host-keys.ts'
import { compareConfigs, sidesOf } from '../../shared/backups/compare.ts'
import { reportCoverage } from '../../shared/backups/coverage.ts'
import { checkTarget } from '../../shared/backups/check-target.ts'
import { progressOf, readHeadsSoFar, readResults, runLogAfter } from '../../shared/backups/progress.ts'
import { readRun } from '../../shared/backups/runs.ts'
import { showResult, showState, showVersion, withLogsThatFit } from '../../shared/backups/show.ts'
import { cancelRun, startRun } from '../../shared/backups/start-run.ts'
import { pageOf } from '../../shared/http/paging.ts'
import { urlOf } from '../../shared/model/output.ts'
import { displayOf } from '../../shared/model/rows.ts'
import { credentialHandlers } from '../lib/credential-handlers.ts'
import { backupExecutions } from '../lib/backup-executions.ts'
import { httpLambda } from '../lib/http.ts'
import { logger } from '../lib/log.ts'

export const handler = httpLambda(areas.backups, (deps) => ({
  startRun: async ({ body: { message, ...target }, caller, request }) => {
    await checkTarget(deps.engine, target)
    const asked = { target, actor: caller, ...(message === undefined ? {} : { message }) }
    const { engine, now } = deps
    const created = await startRun({ engine, now, executions: await backupExecutions() }, asked)
    const { id, status } = created
    return { id, status, url: urlOf(request.links, run, id), display: displayOf(run, created) }
  },
  runProgress: async ({ params }) => progressOf(deps.table, await readRun(deps.engine, params.id)),
  runResults: async ({ params, query, request }) => {
    const { status, category } = query
    const heads = await readHeadsSoFar(deps.table, await readRun(deps.engine, params.id))
    const wanted = heads.filter(
      (result) =>
        (status === undefined || result.status === status) &&
        (category === undefined || result.category === category),
    )
    const sorted = wanted.toSorted((a, b) => a.name.localeCompare(b.name) || a.deviceId - b.deviceId)
    const page = pageOf(request, sorted, ({ deviceId }) => deviceId)
    const whole = await readResults(deps.table, params.id, page.results)
    return { ...page, results: withLogsThatFit(whole.map(showResult)) }
  },
  runLog: async ({ params, query }) => {
    await readRun(deps.engine, params.id)
    return runLogAfter(deps.table, params.id, query.after)
  },
  cancelRun: async ({ params, caller }) => {
    const executions = await backupExecutions()
    return progressOf(deps.table, await cancelRun({ engine: deps.engine, executions }, params.id, caller))
  },
  deviceState: async ({ params }) => {
    const [device, state] = await Promise.all([
      readDevice(deps.engine, params.id),
      readState(deps.table, params.id),
    ])
    return showState(device, state)
  },
  deviceVersions: async ({ params, request }) => {
    await readDevice(deps.engine, params.id)
    return pageOf(request, await readVersions(deps.table, params.id), showVersion)
  },
  versionText: async ({ params }) => {
    await readDevice(deps.engine, params.id)
    const { text, sha256 } = await readText(deps, params.id, params.version)
    return { headers: { 'content-type': 'text/plain; charset=utf-8', etag: `"${sha256}"` }, body: text }
  },
  forgetJumpHostKey: async ({ params, caller }) => {
    await forgetJumpHostKey(deps.engine, params.id)
    logger.warn('host key of a jump host forgotten', { jumpHostId: params.id, username: caller.username })
    return undefined
  },
  ...credentialHandlers(deps),
  coverage: async ({ query, request }) => reportCoverage(deps.engine, query, request),
  searchConfigs: async ({ query }) => {
    const { configSearch } = await import('../lib/config-search.ts')
    return configSearch(deps)(query)
  },
  diff: async ({ query }) => compareConfigs(deps, sidesOf(query), query),
  acceptHostKey: async ({ params, body, caller }) => {
    await readDevice(deps.engine, params.id)
    const { reason, ...hostKey } = body
    const pinned = await acceptHostKey(deps.table, params.id, hostKey)
    const { username, requestId } = caller
    logger.warn('host key accepted', { deviceId: params.id, hostKey, reason, username, requestId })
    return { host_keys: pinned }
  },
}))
