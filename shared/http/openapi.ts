import type { Sources } from '../model/listing.ts'
import { apiVersion, version } from '../version.ts'
import type { Area } from './area.ts'
import { headerComponents, problemSchema, responseComponents, type Json } from './openapi-answers.ts'
import { modelPaths, modelSchemas } from './openapi-models.ts'
import { routeOperation } from './openapi-routes.ts'

/** The whole API as an OpenAPI 3.1 document, from the same data that answers requests. */
export function openApi(areas: readonly Area[], sources: Sources, origin: string): Json {
  const paths: Record<string, Json> = {}
  const schemas: Record<string, Json> = { Problem: problemSchema }
  for (const area of areas) {
    const [base = ''] = area.bases
    for (const model of area.models) {
      Object.assign(schemas, modelSchemas(sources, model))
      Object.assign(paths, modelPaths(sources, base, model))
    }
    for (const [name, route] of Object.entries(area.routes)) {
      const path = `${base}${route.path}`.replaceAll('+}', '}')
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: routeOperation(area, name, route) }
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'netkeep', version, description: `NetBox-shaped REST API, version ${apiVersion}.` },
    servers: [{ url: origin }],
    tags: areas.map(({ name, label }) => ({ name, description: label })),
    paths,
    components: {
      schemas,
      responses: responseComponents,
      headers: headerComponents,
      securitySchemes: {
        token: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`Token nkp_…`' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
    security: [{ token: [] }, { bearer: [] }],
  }
}
