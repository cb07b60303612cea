import type { Model } from '../../../shared/model/define.ts'
import { defaultOf } from '../../../shared/model/field-schema.ts'
import type { Field } from '../../../shared/model/fields.ts'
import type { Json } from '../api.ts'
import { writable } from './world.ts'

/** A shown object taken back to plain values by field: choices by value, references by id. */
export function plainValues(model: Model, shown: Json): Json {
  const values: Json = {}
  for (const [name, field] of writable(model)) {
    if (field.kind === 'secret') values[`has_${name}`] = shown[`has_${name}`]
    else if (field.kind === 'object') {
      values[`${name}_type`] = shown[`${name}_type`]
      values[`${name}_id`] = shown[`${name}_id`]
    } else values[name] = plainValue(field, shown[name])
  }
  return values
}

export function plainValue(field: Field, shown: unknown): unknown {
  if (shown === null || shown === undefined) return null
  if (field.kind === 'choice') return (shown as { value: unknown }).value
  if (field.kind === 'ref') return (shown as { id: number }).id
  if (field.kind === 'refs') return (shown as { id: number }[]).map(({ id }) => id)
  if (field.kind === 'list' && field.of.kind === 'choice')
    return (shown as { value: unknown }[]).map(({ value }) => value)
  return shown
}

/** What a body becomes, by the kinds of the fields alone. */
export function expectedValues(model: Model, body: Json): Json {
  const values: Json = {}
  for (const [name, field] of writable(model)) {
    if (field.kind === 'secret') values[`has_${name}`] = (body[name] ?? null) !== null
    else if (field.kind === 'object') {
      values[`${name}_type`] = body[`${name}_type`] ?? null
      values[`${name}_id`] = body[`${name}_id`] ?? null
    } else values[name] = Object.hasOwn(body, name) ? expectedValue(field, body[name]) : absent(field)
  }
  return values
}

const absent = (field: Field): unknown => {
  const value = defaultOf(field)
  return field.kind === 'choice' && field.numeric === true && typeof value === 'string'
    ? Number(value)
    : value
}

function expectedValue(field: Field, given: unknown): unknown {
  if (given === null) return null
  if (field.kind === 'text' && typeof given === 'string') {
    const trimmed = given.trim()
    return trimmed === '' && field.optional === true ? null : trimmed
  }
  if (field.kind === 'decimal') return Number(given)
  if (field.kind === 'choice')
    return typeof given === 'object' ? numbered(field, (given as { value: unknown }).value) : given
  if (field.kind === 'list') return (given as unknown[]).map((one) => expectedValue(field.of, one))
  return given
}

const numbered = ({ numeric }: { numeric?: boolean }, value: unknown): unknown =>
  numeric === true ? Number(value) : value
