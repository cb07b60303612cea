import { backupsArea } from '../../shared/backups/area.ts'
import {
  acceptHostKey,
  readDevice,
  readTargeted,
  readObservation,
  readState,
  readText,
  readVersions,
} from '../../shared/backups/device-records.ts'
import { forgetJumpHostKey } from '../../shared/backups/access/jump-host-keys.ts'
import { readPins } from '../../shared/backups/retention/pins.ts'
import { isSignificant } from '../../shared/backups/records.ts'
import { showState, showVersion } from '../../shared/backups/show.ts'
import { pageOf } from '../../shared/http/paging.ts'
import { credentialHandlers } from '../lib/credential-handlers.ts'
import { complianceHandlers } from '../lib/compliance-handlers.ts'
import { factHandlers } from '../lib/fact-handlers.ts'
import { historyHandlers } from '../lib/history-handlers.ts'
import { httpLambda } from '../lib/http.ts'
import { logger } from '../lib/log.ts'
import { recordingHandlers } from '../lib/recording-handlers.ts'
import { remoteHandlers } from '../lib/remote-handlers.ts'
import { runHandlers } from '../lib/run-handlers.ts'
import { versionHandlers } from '../lib/version-handlers.ts'

export const handler = httpLambda(backupsArea, (deps) => ({
  ...runHandlers(deps),
  deviceState: async ({ params }) => {
    const [device, state, observed] = await Promise.all([
      readTargeted(deps.engine, params.id),
      readState(deps.table, params.id),
      readObservation(deps.table, params.id),
    ])
    // The reader of cron lines is loaded where it is asked for.
    const { schedulesOf } = await import('../../shared/backups/schedules/next-run.ts')
    const { id, name } = device
    const schedules = await schedulesOf(deps.engine, device)
    return showState({ id, name }, { state, observed, schedules })
  },
  deviceVersions: async ({ params, query: { significant }, request }) => {
    await readDevice(deps.engine, params.id)
    const [versions, pins] = await Promise.all([readVersions(deps.table, params.id), readPins(deps.engine)])
    const ofDevice = pins.get(params.id)
    const wanted = versions.filter((one) => significant === undefined || isSignificant(one) === significant)
    return pageOf(request, wanted, (version) => showVersion(version, ofDevice?.get(version.sequence)))
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
  ...versionHandlers(deps),
  ...historyHandlers(deps),
  ...credentialHandlers(deps),
  ...complianceHandlers(deps),
  ...remoteHandlers(deps),
  restorePlan: async ({ params, query }) => {
    const { restorePlan } = await import('../../shared/backups/restore/restore-plan.ts')
    const asked = { deviceId: params.id, to: params.version, from: query.from }
    const plan = await restorePlan(deps, asked)
    if (query.format === 'json') return plan
    const { markdownOf } = await import('../../shared/backups/restore/markdown.ts')
    return { headers: { 'content-type': 'text/markdown; charset=utf-8' }, body: markdownOf(plan) }
  },
  ...factHandlers(deps),
  ...recordingHandlers(deps),
  coverage: async ({ query, request }) => {
    const { reportCoverage } = await import('../../shared/backups/coverage/coverage.ts')
    return reportCoverage(deps.engine, query, request)
  },
  searchConfigs: async ({ query }) => {
    const { configSearch } = await import('../lib/config-search.ts')
    return configSearch(deps)(query)
  },
  diff: async ({ query }) => {
    const { compareConfigs, sidesOf } = await import('../../shared/backups/versions/compare.ts')
    return compareConfigs(deps, sidesOf(query), query)
  },
  acceptHostKey: async ({ params, body, caller }) => {
    await readDevice(deps.engine, params.id)
    const { reason, ...hostKey } = body
    const pinned = await acceptHostKey(deps.table, params.id, hostKey)
    const { username, requestId } = caller
    logger.warn('host key accepted', { deviceId: params.id, hostKey, reason, username, requestId })
    return { host_keys: pinned }
  },
}))
