import * as z from 'zod'
import type { Area } from './area.ts'
import { jsonContent, responsesOf, type Answer, type Json } from './openapi-answers.ts'
import { withoutDialect } from './openapi-schemas.ts'
import type { Route } from './route.ts'

/** An operation that is not one of a model's own, as OpenAPI. */
export function routeOperation(area: Area, name: string, route: Route): Json {
  const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')]
  return {
    operationId: `${area.name}_${name}`,
    tags: [area.name],
    summary: route.summary,
    ...securityOf(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: bodyContent(route.body) } }),
    responses: responsesOf({ [route.status]: answerOf(route) }, route.errors),
  }
}

function securityOf({ permission }: Route): Json {
  if (permission === 'public') return { security: [] }
  return permission === 'authenticated' ? {} : { 'x-permission': permission }
}

function answerOf({ response, media = [] }: Route): Answer {
  if (response === undefined) return {}
  if (response === 'raw') return { content: { '*/*': {} } }
  const others = media.map((type) => [type, {}])
  return { content: { ...jsonContent(jsonSchema(response, 'output')), ...Object.fromEntries(others) } }
}

function bodyContent(body: NonNullable<Route['body']>): Json {
  if (!('bytes' in body)) return jsonContent(jsonSchema(body, 'input'))
  return Object.fromEntries(body.bytes.map((type) => [type, {}]))
}

function parametersOf(shape: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  return Object.entries(shape?.shape ?? {}).map(([name, member]) => ({
    name,
    in: place,
    required: place === 'path' || !(member as z.ZodType).safeParse(undefined).success,
    schema: jsonSchema(member as z.ZodType, 'input'),
  }))
}

export const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json =>
  withoutDialect(z.toJSONSchema(schema, { io, unrepresentable: 'any' }))
