import { permissionOf, type Model, type Verb } from '../model/define.ts'
import type { Field } from '../model/fields.ts'
import { inputSchema } from '../model/input.ts'
import type { Registry } from '../model/registry.ts'
import { mapValues } from '../model/rows.ts'
import { jsonContent, responsesOf, schemaRef, type Answer, type Json } from './openapi-answers.ts'
import {
  facetsSchema,
  guardParameters,
  listParameter,
  queryParameters,
  type Sources,
} from './openapi-queries.ts'
import { jsonSchema } from './openapi-routes.ts'
import { shownSchema } from './openapi-schemas.ts'

/** `DeviceType`; with the area in front where two areas have a model of one label. */
function schemaName({ all }: Registry, model: Model): string {
  const name = pascalCase(model.label)
  const isShared = all.some((other) => other !== model && pascalCase(other.label) === name)
  return isShared ? `${pascalCase(model.area)}${name}` : name
}

const pascalCase = (words: string): string =>
  words.replaceAll(/(?:^|[^A-Za-z0-9]+)(\w)/g, (_, letter: string) => letter.toUpperCase())

/** In a list each row says which object it is about. */
const rowHead: Json = {
  id: { type: 'integer', description: 'In a list: which object.' },
  _version: { type: 'integer', description: 'Refuse where the object has another version.' },
}

/** What a model's operations take and give. */
export function modelSchemas({ registry }: Sources, model: Model): Record<string, Json> {
  const name = schemaName(registry, model)
  const writable = (mode: 'create' | 'patch'): Json => {
    const schema = jsonSchema(inputSchema(model, mode), 'input')
    const members = mapValues(schema['properties'] as Record<string, Json>, (member, field) => ({
      ...member,
      ...descriptionOf(registry, model.fields[field]),
    }))
    return { ...schema, properties: { ...members, ...rowHead } }
  }
  return {
    [name]: shownSchema(registry, model),
    [`Writable${name}`]: writable('create'),
    [`Patched${name}`]: writable('patch'),
  }
}

function descriptionOf(registry: Registry, field: Field | undefined): Json {
  const isReference = field?.kind === 'ref' || field?.kind === 'refs'
  const texts = [
    field?.help ?? '',
    isReference ? `${registry.get(field.to).label}: its id, or an object with attributes that name it.` : '',
  ].filter((text) => text !== '')
  return texts.length === 0 ? {} : { description: texts.join('. ') }
}

const listOf = (items: Json): Json => ({ type: 'array', items })
const oneOrMany = (schema: Json): Json => ({ oneOf: [schema, listOf(schema)] })

const pageSchema = (items: Json): Json => ({
  type: 'object',
  required: ['count', 'next', 'previous', 'results'],
  properties: {
    count: { type: 'integer' },
    next: { type: ['string', 'null'], format: 'uri' },
    previous: { type: ['string', 'null'], format: 'uri' },
    ...facetsSchema,
    results: listOf(items),
  },
})

/** The paths of a model's list and of one object. */
export function modelPaths(sources: Sources, base: string, model: Model): Record<string, Json> {
  const name = schemaName(sources.registry, model)
  const list = `${base}/${model.path}/`
  const shown = schemaRef(name)
  const rows = (schema: Json): Json => listOf({ allOf: [schema, { required: ['id'] }] })
  const [one, many] = [model.label.toLowerCase(), model.labelPlural.toLowerCase()]
  const operation = operationOf(model)
  const changed: Answer = { content: jsonContent(listOf(shown)) }
  const whole: Answer = { content: jsonContent(shown), hasTag: true }
  return {
    [list]: {
      ...operation('get', 'view', 'list', {
        summary: `List ${many}`,
        parameters: queryParameters(sources, model),
        answers: { 200: { content: jsonContent(pageSchema(shown)) } },
      }),
      ...operation('post', 'add', 'create', {
        summary: `Create one ${one} or many`,
        body: oneOrMany(schemaRef(`Writable${name}`)),
        answers: { 201: { content: jsonContent(oneOrMany(shown)) } },
      }),
      ...operation('put', 'change', 'bulk_update', {
        summary: `Replace many ${many}`,
        body: rows(schemaRef(`Writable${name}`)),
        answers: { 200: changed },
      }),
      ...operation('patch', 'change', 'bulk_partial_update', {
        summary: `Change many ${many}, by their ids or by filters`,
        parameters: guardParameters(sources, model),
        body: { oneOf: [rows(schemaRef(`Patched${name}`)), schemaRef(`Patched${name}`)] },
        answers: { 200: changed },
      }),
      ...operation('delete', 'delete', 'bulk_destroy', {
        summary: `Delete many ${many}, by their ids or by filters`,
        parameters: guardParameters(sources, model),
        bodyIsOptional: true,
        body: listOf({ type: 'object', required: ['id'], properties: rowHead }),
        answers: { 204: {} },
      }),
    },
    ...impactPath(list, model),
    [`${list}{id}/`]: {
      parameters: [idParameter],
      ...operation('get', 'view', 'retrieve', {
        summary: `Read one ${one}`,
        parameters: (['brief', 'fields', 'omit', 'exclude', 'at', 'format'] as const).map(listParameter),
        answers: { 200: whole },
      }),
      ...operation('put', 'change', 'update', {
        summary: `Replace one ${one}`,
        parameters: [ifMatch],
        body: schemaRef(`Writable${name}`),
        answers: { 200: whole },
      }),
      ...operation('patch', 'change', 'partial_update', {
        summary: `Change one ${one}`,
        parameters: [ifMatch],
        body: schemaRef(`Patched${name}`),
        answers: { 200: whole },
      }),
      ...operation('delete', 'delete', 'destroy', {
        summary: `Delete one ${one}`,
        parameters: [ifMatch],
        answers: { 204: {} },
      }),
    },
  }
}

const idParameter: Json = { name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } }

const impactPath = (list: string, model: Model): Record<string, Json> => ({
  [`${list}{id}/impact/`]: {
    parameters: [idParameter],
    ...operationOf(model)('get', 'view', 'impact', {
      summary: `What deleting the ${model.label.toLowerCase()} would do`,
      parameters: [listParameter('format')],
      answers: { 200: { content: jsonContent(schemaRef('Impact')) } },
    }),
  },
})

const ifMatch: Json = {
  name: 'If-Match',
  in: 'header',
  description: 'The ETag the object must have; otherwise 412.',
  schema: { type: 'string' },
}

type Operation = {
  summary: string
  parameters?: Json[]
  body?: Json
  bodyIsOptional?: boolean
  answers: Record<number, Answer>
}

/** An operation of a model, or nothing where the model does not have the verb. */
const operationOf =
  (model: Model) =>
  (
    method: string,
    verb: Verb,
    action: string,
    { summary, parameters, body, bodyIsOptional, answers }: Operation,
  ): Json =>
    model.verbs.includes(verb)
      ? {
          [method]: {
            operationId: `${model.area}_${model.path.replaceAll('-', '_')}_${action}`,
            tags: [model.area],
            summary,
            'x-permission': permissionOf(model, verb),
            ...(parameters === undefined ? {} : { parameters }),
            ...(body === undefined
              ? {}
              : { requestBody: { required: bodyIsOptional !== true, content: jsonContent(body) } }),
            responses: responsesOf(answers, [
              'validation_failed',
              'unauthenticated',
              'forbidden',
              'not_found',
            ]),
          },
        }
      : {}
