import { areas } from '../../shared/areas.ts'
import { systemArea } from '../../shared/system/area.ts'
import { AppError } from '../../shared/errors.ts'
import type { HttpRequest, RawReply } from '../../shared/http/request.ts'
import type { Document } from '../../shared/docs/document.ts'
import { createCatalogs } from '../../shared/catalog/catalog.ts'
import { urlOf } from '../../shared/model/output.ts'
import { getRow } from '../../shared/model/records.ts'
import { registry } from '../../shared/models.ts'
import { searchLimit } from '../../shared/search/routes.ts'
import { installedPlugins, pluginAreas } from '../../shared/system/plugins.ts'
import { user } from '../../shared/users/models/user.ts'
import { netboxVersion, version } from '../../shared/version.ts'
import { httpLambda } from '../lib/http.ts'

const allAreas = Object.values(areas)
/** Origins whose document is kept: there is one, unless somebody plays with the Host header. */
const documentsMax = 4

/** The pages need nothing but their style; the distribution's own policy is wider. */
const pagePolicy = [
  `default-src 'none'`,
  `style-src 'self'`,
  `img-src data:`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ')

const pageReply = (body: string): RawReply => ({
  headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy },
  body,
})

const jsonReply = (document: Document): RawReply => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(document),
})

/** A browser accepts HTML; a client that asks for JSON alone gets it. */
function wantsJson(format: string | undefined, { headers: { accept = '' } }: HttpRequest): boolean {
  if (format !== undefined) return format !== 'html'
  return accept.includes('application/json') && !accept.includes('text/html')
}

const prefixOf = ({ links }: HttpRequest): string => links.origin.replace(/^https?:\/\/[^/]+/, '')

// The document and its pages are loaded when they are asked for: a client that reads the version pays for neither.
export const handler = httpLambda(systemArea, (deps) => {
  const documents = new Map<string, Document>()
  /** It is the same until the next deployment, but for the addresses in it. */
  const documentFor = async ({ links: { origin } }: HttpRequest): Promise<Document> => {
    const known = documents.get(origin)
    if (known !== undefined) return known
    const { openApi } = await import('../../shared/http/openapi.ts')
    // The document names the filters; no row is read for it.
    const catalogs = createCatalogs({ now: deps.now, table: deps.table })
    const built = openApi(allAreas, { registry, catalogs }, origin) as Document
    if (documents.size >= documentsMax) documents.clear()
    documents.set(origin, built)
    return built
  }
  return {
    root: async ({ request }) => rootOf(request.links.origin),
    status: async () => ({
      'netbox-version': netboxVersion,
      'netbox-full-version': netboxVersion,
      'netkeep-version': version,
      'installed-apps': {},
      plugins: Object.fromEntries(pluginAreas(allAreas).map(({ name }) => [name, version])),
    }),
    schema: async ({ request }) => documentFor(request),
    docs: async ({ query: { format, q = '' }, request }) => {
      const document = await documentFor(request)
      if (wantsJson(format, request)) return jsonReply(document)
      const { indexPage } = await import('../../shared/docs/pages.ts')
      return pageReply(indexPage(document, prefixOf(request), q))
    },
    docsOperation: async ({ params, request }) => {
      const { operationPage } = await import('../../shared/docs/pages.ts')
      const page = operationPage(await documentFor(request), prefixOf(request), params.name)
      if (page === undefined) throw new AppError('not_found', `There is no operation ${params.name}.`)
      return pageReply(page)
    },
    docsStyle: async () => {
      const { docsStyle } = await import('../../shared/docs/style.ts')
      const headers = { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=3600' }
      return { headers, body: docsStyle }
    },
    search: async ({ query: { q, types, limit }, caller, request }) => {
      const { search } = await import('../../shared/search/search.ts')
      return search(deps.engine, { q, types, limit: searchLimit(limit), caller, links: request.links })
    },
    authenticationCheck: async ({ caller, request }) => {
      const row = await getRow(deps.engine, user, caller.userId)
      if (row === undefined) throw new AppError('unauthenticated')
      const { id, username, first_name, last_name, email, is_active, is_superuser } = row
      return {
        id,
        url: urlOf(request.links, user, id),
        display: username,
        username,
        first_name,
        last_name,
        email,
        is_active,
        is_superuser,
        token: { id: caller.tokenId, write_enabled: caller.writeEnabled },
      }
    },
    plugins: async ({ request }) => ({
      'installed-plugins': `${request.links.origin}/api/plugins/installed-plugins/`,
      ...Object.fromEntries(
        pluginAreas(allAreas).map(({ name }) => [name, `${request.links.origin}/api/plugins/${name}/`]),
      ),
    }),
    installedPlugins: async () => installedPlugins(allAreas),
  }
})

function rootOf(origin: string): Record<string, unknown> {
  const named = allAreas.filter(
    ({ models, routes, name }) => name !== 'system' && (models.length > 0 || Object.keys(routes).length > 0),
  )
  const links = named.map(({ name, bases }) => [name, `${origin}${bases[0]}/`])
  const own = ['authentication-check', 'docs', 'plugins', 'schema', 'search', 'status']
  return Object.fromEntries([...links, ...own.map((name) => [name, `${origin}/api/${name}/`])])
}
