import { apiVersion, version } from '../version.ts'
import { absentLists } from './absent.ts'
import type { Area } from './area.ts'
import {
  headerComponents,
  jsonContent,
  problemSchema,
  responseComponents,
  responsesOf,
  type Json,
} from './openapi-answers.ts'
import { impactSchema } from './openapi-impact.ts'
import { modelPaths, modelSchemas } from './openapi-models.ts'
import type { Sources } from './openapi-queries.ts'
import { routeOperation } from './openapi-routes.ts'

/** The whole API as an OpenAPI 3.1 document, from the same data that answers requests. */
export function openApi(areas: readonly Area[], sources: Sources, origin: string): Json {
  const paths: Record<string, Json> = {}
  const schemas: Record<string, Json> = { Problem: problemSchema, Impact: impactSchema }
  for (const name of new Set(absentLists.map(({ area }) => area)))
    paths[`/api/${name}/`] = rootPath(name, absentTag)
  for (const { area, path, why } of absentLists) paths[`/api/${area}/${path}/`] = absentPath(area, path, why)
  for (const area of areas) {
    const [base = ''] = area.bases
    if (area.models.length > 0) paths[`${base}/`] = rootPath(area.name, area.name)
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
    tags: [
      ...areas.map(({ name, label }) => ({ name, description: label })),
      {
        name: absentTag,
        description: 'Lists that NetBox has and netkeep does not: always empty, and read-only.',
      },
    ],
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

const absentTag = 'absent'

const rootPath = (name: string, tag: string): Json => ({
  get: {
    operationId: `${name}_root`,
    tags: [tag],
    summary: 'What there is in this area',
    responses: responsesOf({ 200: { content: jsonContent(linksSchema) } }, ['unauthenticated']),
  },
})

const linksSchema: Json = { type: 'object', additionalProperties: { type: 'string', format: 'uri' } }

const absentPath = (area: string, path: string, why: string): Json => ({
  get: {
    operationId: `absent_${area}_${path.replaceAll('-', '_')}_list`,
    tags: [absentTag],
    summary: 'Always empty',
    description: why,
    responses: responsesOf({ 200: { content: jsonContent(emptyPage) } }, ['unauthenticated']),
  },
})

const emptyPage: Json = {
  type: 'object',
  required: ['count', 'next', 'previous', 'results'],
  properties: {
    count: { const: 0 },
    next: { type: 'null' },
    previous: { type: 'null' },
    results: { type: 'array', maxItems: 0 },
  },
}
