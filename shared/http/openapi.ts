import * as z from 'zod'
import { errorTable, type ErrorCode } from '../errors.ts'
import { permissionOf, type Model, type Verb } from '../model/define.ts'
import { filtersOf, type Filter } from '../model/filters.ts'
import { lookupsOf } from '../model/lookups.ts'
import { inputSchema } from '../model/input.ts'
import { listParameters, pageMax, type Sources } from '../model/listing.ts'
import { apiVersion, version } from '../version.ts'
import type { Area } from './area.ts'
import { shownSchema, withoutDialect } from './openapi-schemas.ts'
import type { Route } from './route.ts'

type Json = Record<string, unknown>

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
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`Token nkp_…`' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
    security: [{ token: [] }, { bearer: [] }],
  }
}

const problemSchema: Json = {
  type: 'object',
  description: 'RFC 9457, with a list of messages for each field that is wrong.',
  required: ['type', 'title', 'detail', 'code', 'instance'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(errorTable) },
    instance: { type: 'string' },
    errors: { type: 'array', items: { type: 'object' } },
  },
}

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
const schemaName = (model: Model): string =>
  model.label.replaceAll(/\s+(\w)/g, (_, letter: string) => letter.toUpperCase())
const json = (schema: Json): Json => ({ 'application/json': { schema } })
const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' })

function modelSchemas(sources: Sources, model: Model): Record<string, Json> {
  const name = schemaName(model)
  return {
    [name]: shownSchema(sources.registry, model),
    [`Writable${name}`]: withoutDialect(jsonSchema(inputSchema(model, 'create'), 'input')),
    [`Patched${name}`]: withoutDialect(jsonSchema(inputSchema(model, 'patch'), 'input')),
  }
}

function modelPaths(sources: Sources, base: string, model: Model): Record<string, Json> {
  const name = schemaName(model)
  const list = `${base}/${model.path}/`
  const page = {
    type: 'object',
    required: ['count', 'next', 'previous', 'results'],
    properties: {
      count: { type: 'integer' },
      next: { type: ['string', 'null'] },
      previous: { type: ['string', 'null'] },
      results: { type: 'array', items: ref(name) },
    },
  }
  const oneOrMany = (schema: string): Json => ({
    oneOf: [ref(schema), { type: 'array', items: ref(schema) }],
  })
  const operation = operationOf(model)
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } }
  const many = { type: 'array', items: { type: 'object', required: ['id'] } }
  return {
    [list]: {
      ...operation('get', 'view', 'list', {
        parameters: filterParameters(sources, model),
        answers: { 200: page },
      }),
      ...operation('post', 'add', 'create', {
        body: oneOrMany(`Writable${name}`),
        answers: { 201: oneOrMany(name) },
      }),
      ...operation('put', 'change', 'bulk_update', {
        body: many,
        answers: { 200: { type: 'array', items: ref(name) } },
      }),
      ...operation('patch', 'change', 'bulk_partial_update', {
        body: many,
        answers: { 200: { type: 'array', items: ref(name) } },
      }),
      ...operation('delete', 'delete', 'bulk_destroy', { body: many, answers: { 204: undefined } }),
    },
    [`${list}{id}/`]: {
      parameters: [id],
      ...operation('get', 'view', 'retrieve', { answers: { 200: ref(name) } }),
      ...operation('put', 'change', 'update', { body: ref(`Writable${name}`), answers: { 200: ref(name) } }),
      ...operation('patch', 'change', 'partial_update', {
        body: ref(`Patched${name}`),
        answers: { 200: ref(name) },
      }),
      ...operation('delete', 'delete', 'destroy', { answers: { 204: undefined } }),
    },
  }
}

type Operation = { parameters?: Json[]; body?: Json; answers: Record<number, Json | undefined> }

/** An operation of a model, or nothing where the model does not have the verb. */
const operationOf =
  (model: Model) =>
  (method: string, verb: Verb, action: string, { parameters, body, answers }: Operation): Json =>
    model.verbs.includes(verb)
      ? {
          [method]: {
            operationId: `${model.area}_${model.path.replaceAll('-', '_')}_${action}`,
            tags: [model.area],
            'x-permission': permissionOf(model, verb),
            ...(parameters === undefined ? {} : { parameters }),
            ...(body === undefined ? {} : { requestBody: { required: true, content: json(body) } }),
            responses: responsesOf(answers, [
              'validation_failed',
              'unauthenticated',
              'forbidden',
              'not_found',
            ]),
          },
        }
      : {}

function responsesOf(answers: Record<number, Json | undefined>, errors: readonly ErrorCode[]): Json {
  const problems = [...new Set(errors.map((code) => errorTable[code].status))].map((status) => [
    String(status),
    { description: 'A problem', content: { 'application/problem+json': { schema: ref('Problem') } } },
  ])
  const good = Object.entries(answers).map(([status, schema]) => [
    status,
    { description: 'Done', ...(schema === undefined ? {} : { content: json(schema) }) },
  ])
  return Object.fromEntries([...good, ...problems]) as Json
}

function filterParameters(sources: Sources, model: Model): Json[] {
  const filters = [...filtersOf(model, sources).values()].flatMap((filter) => [
    parameter(filter.name, filter),
    ...lookupsOf[filter.kind].map((lookup) => parameter(`${filter.name}__${lookup}`, filter, lookup)),
  ])
  return [...filters, ...listParameters.map((name) => ({ name, in: 'query', schema: listSchemas[name] }))]
}

const listSchemas: Record<(typeof listParameters)[number], Json> = {
  limit: {
    type: 'integer',
    minimum: 0,
    description: `0 asks for the most, ${pageMax}; anything above is capped.`,
  },
  offset: { type: 'integer', minimum: 0 },
  ordering: { type: 'string', description: 'Fields, `-` in front for descending, separated by commas.' },
  q: { type: 'string', description: 'Every word must be found.' },
  brief: { type: 'boolean' },
  fields: { type: 'string', description: 'Only these members, separated by commas.' },
  omit: { type: 'string', description: 'All members but these, separated by commas.' },
  format: { type: 'string' },
}

const filterTypes: Record<Filter['kind'], Json> = {
  text: { type: 'string' },
  number: { type: 'integer' },
  time: { type: 'string' },
  choice: { type: 'string' },
  bool: { type: 'boolean' },
  reference: { type: 'string' },
}

/** Repeated values are alternatives; of tags every one must be there. */
const parameter = (name: string, filter: Filter, lookup?: string): Json => ({
  name,
  in: 'query',
  explode: true,
  style: 'form',
  schema: { type: 'array', items: lookup === 'empty' ? { type: 'boolean' } : filterTypes[filter.kind] },
})

function routeOperation(area: Area, name: string, route: Route): Json {
  const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')]
  const answer =
    route.response === undefined || route.response === 'raw'
      ? undefined
      : jsonSchema(route.response, 'output')
  return {
    operationId: `${area.name}_${name}`,
    tags: [area.name],
    summary: route.summary,
    ...(route.permission === 'public' ? { security: [] } : { 'x-permission': route.permission }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: bodyContent(route.body) } }),
    responses: responsesOf({ [route.status]: answer && withoutDialect(answer) }, route.errors),
  }
}

function bodyContent(body: NonNullable<Route['body']>): Json {
  if (!('bytes' in body)) return json(withoutDialect(jsonSchema(body, 'input')))
  return Object.fromEntries(body.bytes.map((type) => [type, {}]))
}

function parametersOf(shape: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  return Object.entries(shape?.shape ?? {}).map(([name, member]) => ({
    name,
    in: place,
    required: place === 'path' || !(member as z.ZodType).safeParse(undefined).success,
    schema: withoutDialect(jsonSchema(member as z.ZodType, 'input')),
  }))
}
