import { gzipSync } from 'node:zlib'
import { oxidizedArea } from '../../shared/oxidized/area.ts'
import { compareConfigs } from '../../shared/backups/versions/compare.ts'
import { readText } from '../../shared/backups/device-records.ts'
import { startRun } from '../../shared/backups/runs/start-run.ts'
import { AppError } from '../../shared/errors.ts'
import type { HttpRequest, RawReply } from '../../shared/http/request.ts'
import { readExpression, searchNodes } from '../../shared/oxidized/conf-search.ts'
import { findNode, listNodes, showNode, type NodeFilter } from '../../shared/oxidized/nodes.ts'
import { findVersion, listVersions } from '../../shared/oxidized/versions.ts'
import type { Caller } from '../../shared/users/caller.ts'
import { backupExecutions } from '../lib/backup-executions.ts'
import type { Deps } from '../lib/deps.ts'
import { httpLambda } from '../lib/http.ts'

const plainText = { 'content-type': 'text/plain; charset=utf-8' }
/** A Lambda answers 6 MB, and compressed bytes travel as base64. */
const textMax = 5_500_000
const compressedMax = 4_000_000

/** These addresses know no pages: a long list is compressed, for whoever takes that. */
function wholeList(nodes: readonly unknown[], { headers }: HttpRequest): RawReply {
  const json = JSON.stringify(nodes)
  const type = { 'content-type': 'application/json' }
  if (Buffer.byteLength(json) <= textMax) return { headers: type, body: json }
  const body = headers['accept-encoding']?.includes('gzip') === true ? gzipSync(json) : undefined
  if (body !== undefined && body.length <= compressedMax)
    return { headers: { ...type, 'content-encoding': 'gzip' }, body }
  throw new AppError(
    'too_large',
    `The list of ${nodes.length} nodes is too long for one answer: accept gzip, or ask by group or model.`,
  )
}

async function backUpNode(deps: Deps, path: string, caller: Caller, message?: string) {
  const { id } = await findNode(deps.engine, path)
  const { engine, now } = deps
  const asked = { target: { devices: [id] }, actor: caller, ...(message === undefined ? {} : { message }) }
  const started = await startRun({ engine, now, executions: await backupExecutions() }, asked)
  return { status: 'ok', run: started.id } as const
}

const nodePath = ({ node, group }: { node: string; group?: string | undefined }): string =>
  group === undefined || group === '' ? node : `${group}/${node}`

export const handler = httpLambda(oxidizedArea, (deps) => {
  const list = async (request: HttpRequest, filter: NodeFilter): Promise<RawReply> =>
    wholeList(await listNodes(deps.engine, filter), request)
  const versionsOf = async (path: string) => listVersions(deps.table, (await findNode(deps.engine, path)).id)
  const search = async (body: Uint8Array, { headers }: HttpRequest) => {
    const expression = await readExpression(body, headers['content-type'] ?? '')
    const { configSearch } = await import('../lib/config-search.ts')
    return searchNodes(deps.engine, configSearch(deps), expression)
  }
  return {
    nodes: async ({ request }) => list(request, {}),
    nodesJson: async ({ request }) => list(request, {}),
    nodesOfGroup: async ({ params: { group }, request }) =>
      list(request, { group: group.replace(/\.json$/, '') }),
    nodesOfModel: async ({ params: { model }, request }) =>
      list(request, { model: model.replace(/\.json$/, '') }),
    confSearch: async ({ body, request }) => search(body, request),
    confSearchJson: async ({ body, request }) => search(body, request),
    showNode: async ({ params }) => showNode(deps.engine, params.rest),
    fetchNode: async ({ params }) => {
      const { id } = await findNode(deps.engine, params.rest)
      const { text } = await readText(deps, id, 'latest')
      return { headers: plainText, body: text }
    },
    nextNode: async ({ params, caller }) => backUpNode(deps, params.rest, caller),
    putNextNode: async ({ params, body, caller }) =>
      backUpNode(deps, params.rest, caller, body?.msg?.slice(0, 200)),
    versions: async ({ query }) => versionsOf(query.node_full),
    versionsJson: async ({ query }) => versionsOf(query.node_full),
    viewVersion: async ({ query }) => {
      const { id } = await findNode(deps.engine, nodePath(query))
      const { text } = await readText(deps, id, await findVersion(deps.table, id, query.oid))
      return { headers: plainText, body: text }
    },
    diffVersions: async ({ query }) => {
      const { id } = await findNode(deps.engine, nodePath(query))
      const { table } = deps
      const right = await findVersion(table, id, query.oid)
      const isFirst = query.oid2 === undefined && right === 1
      if (isFirst) throw new AppError('not_found', 'This is the first configuration: nothing is before it.')
      const left = query.oid2 === undefined ? 'previous' : await findVersion(table, id, query.oid2)
      const sides = { left: { device: id, version: left }, right: { device: id, version: right } } as const
      const { unified } = await compareConfigs(deps, sides, { context: 3, volatile: false })
      return { headers: plainText, body: unified }
    },
    reload: async () => ({ status: 'ok' as const }),
  }
})
