import { areas } from '../../shared/areas.ts'
import { AppError } from '../../shared/errors.ts'
import { openApi } from '../../shared/http/openapi.ts'
import type { HttpRequest } from '../../shared/http/request.ts'
import { createCatalogs } from '../../shared/catalog/catalog.ts'
import { urlOf } from '../../shared/model/output.ts'
import { getRow } from '../../shared/model/records.ts'
import { registry } from '../../shared/models.ts'
import { installedPlugins, pluginAreas } from '../../shared/system/plugins.ts'
import { user } from '../../shared/users/models/user.ts'
import { netboxVersion, version } from '../../shared/version.ts'
import { httpLambda } from '../lib/http.ts'

const allAreas = Object.values(areas)

export const handler = httpLambda(areas.system, (deps) => {
  // The document names the filters; no row is read for it.
  const schema = async ({ request }: { request: HttpRequest }) => {
    const catalogs = createCatalogs({ now: deps.now, table: deps.table })
    return openApi(allAreas, { registry, catalogs }, request.links.origin)
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
    schema,
    docs: schema,
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
  const own = ['authentication-check', 'docs', 'plugins', 'schema', 'status']
  return Object.fromEntries([...links, ...own.map((name) => [name, `${origin}/api/${name}/`])])
}
