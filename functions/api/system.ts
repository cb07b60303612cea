import { areas } from '../../shared/areas.ts'
import { openApi } from '../../shared/http/openapi.ts'
import type { HttpRequest } from '../../shared/http/request.ts'
import { createCatalogs } from '../../shared/catalog/catalog.ts'
import { registry } from '../../shared/models.ts'
import { netboxVersion, version } from '../../shared/version.ts'
import { httpLambda } from '../lib/http.ts'

export const handler = httpLambda(areas.system, (deps) => {
  // The document names the filters; no row is read for it.
  const schema = async ({ request }: { request: HttpRequest }) => {
    const catalogs = createCatalogs({ now: deps.now, table: deps.table })
    return openApi(Object.values(areas), { registry, catalogs }, request.links.origin)
  }
  return {
    root: async ({ request }) => rootOf(request.links.origin),
    status: async () => ({
      'netbox-version': netboxVersion,
      'netkeep-version': version,
      'installed-apps': {},
      plugins: {},
    }),
    schema,
    docs: schema,
  }
})

function rootOf(origin: string): Record<string, unknown> {
  const named = Object.values(areas).filter(
    ({ models, routes, name }) => name !== 'system' && (models.length > 0 || Object.keys(routes).length > 0),
  )
  const links = named.map(({ name, bases }) => [name, `${origin}${bases[0]}/`])
  return { ...Object.fromEntries(links), status: `${origin}/api/status/`, schema: `${origin}/api/schema/` }
}
