import * as z from 'zod'
import type { Model } from '../model/define.ts'
import { isOptional } from '../model/field-schema.ts'
import type { ChoiceField, Field } from '../model/fields.ts'
import { briefFields, countNames, visibleFields } from '../model/output.ts'
import type { Registry } from '../model/registry.ts'

type Json = Record<string, unknown>

const head = { id: { type: 'integer' }, url: { type: 'string', format: 'uri' }, display: { type: 'string' } }
const time = { type: 'string', format: 'date-time' }

/** An object as it is shown, as JSON Schema. */
export function shownSchema(registry: Registry, model: Model): Json {
  const properties: Json = { ...head }
  for (const [name, field] of visibleFields(model)) {
    if (field.kind === 'secret') properties[`has_${name}`] = { type: 'boolean' }
    else if (field.kind === 'object') Object.assign(properties, objectSchemas(name))
    else properties[name] = fieldSchema(registry, field)
  }
  for (const name of countNames(model)) properties[name] = { type: 'integer' }
  for (const name of Object.keys(model.live?.empty ?? {})) properties[name] = { type: ['string', 'null'] }
  if (model.countedAs !== undefined) properties[model.countedAs.name] = { type: ['integer', 'null'] }
  Object.assign(properties, {
    custom_fields: { type: 'object' },
    created: time,
    last_updated: time,
    _version: { type: 'integer' },
  })
  return { type: 'object', required: Object.keys(properties), properties }
}

const objectSchemas = (name: string): Json => ({
  [`${name}_type`]: { type: ['string', 'null'] },
  [`${name}_id`]: { type: ['integer', 'null'] },
  [name]: { type: ['object', 'null'] },
})

function nested(registry: Registry, name: string): Json {
  const model = registry.get(name)
  const brief = briefFields(model).map((field) => [field, briefSchema(model.fields[field])] as const)
  const properties = { ...head, ...Object.fromEntries(brief) }
  return { type: 'object', required: Object.keys(properties), properties }
}

/** A nested object's own references are there once more, and may be null. */
function briefSchema(field: Field | undefined): Json {
  if (field?.kind === 'ref') return { type: ['object', 'null'], properties: head }
  const schema = plainSchema(field)
  return field !== undefined && isOptional(field) ? { oneOf: [schema, { type: 'null' }] } : schema
}

function fieldSchema(registry: Registry, field: Field): Json {
  if (field.kind === 'refs') return { type: 'array', items: nested(registry, field.to) }
  if (field.kind === 'list') return { type: 'array', items: plainSchema(field.of) }
  const schema = field.kind === 'ref' ? nested(registry, field.to) : plainSchema(field)
  const isNullable = 'optional' in field && field.optional
  return isNullable ? { anyOf: [schema, { type: 'null' }] } : schema
}

function plainSchema(field: Field | undefined): Json {
  if (field === undefined) return {}
  if (field.kind === 'choice') return choiceSchema(field)
  if (field.kind === 'json') {
    const { $schema: _, ...schema } = z.toJSONSchema(field.schema, {
      io: 'output',
      unrepresentable: 'any',
    }) as Json
    return schema
  }
  return { ...plainTypes[field.kind] }
}

const choiceSchema = ({ choices, numeric }: ChoiceField): Json => ({
  type: 'object',
  required: ['value', 'label'],
  properties: {
    value:
      numeric === true
        ? { type: 'integer', enum: Object.keys(choices).map(Number) }
        : { type: 'string', enum: Object.keys(choices) },
    label: { type: 'string', enum: Object.values(choices) },
  },
})

const plainTypes: Record<Exclude<Field['kind'], 'choice' | 'json'>, Json> = {
  decimal: { type: 'number' },
  date: { type: 'string', format: 'date' },
  network: { type: 'string' },
  address: { type: 'string' },
  mac: { type: 'string' },
  list: { type: 'array' },
  object: { type: 'object' },
  text: { type: 'string' },
  slug: { type: 'string' },
  int: { type: 'integer' },
  bool: { type: 'boolean' },
  datetime: time,
  secret: { type: 'string' },
  ref: { type: 'object' },
  refs: { type: 'array' },
}

/** The document says its dialect once. */
export const withoutDialect = (schema: Json): Json =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema'))
