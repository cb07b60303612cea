import * as z from 'zod'
import type { Issue } from '../errors.ts'
import { parseCustomFields } from './custom-values.ts'
import type { Model } from './define.ts'
import { defaultOf, inputOf, isOptional, normalise } from './field-schema.ts'
import type { Field } from './fields.ts'
import { noSuch } from './nearest.ts'
import { foldObjects, objectMembers } from './object-input.ts'
import { mapValues } from './rows.ts'

export type Mode = 'create' | 'patch'
/** Parsed values by field; only the given ones. References are still as they were given. */
export type Parsed = { values: Record<string, unknown>; issues: Issue[] }

/**
 * What we show beside the fields. A client may send back what it got, so these are taken without effect.
 * https://docs.netbox.dev/en/stable/integrations/rest-api/ has them read-only too.
 */
const shownOnly = new Set(['id', 'url', 'display', 'display_url', 'created', 'last_updated', '_version'])

/** The fields a caller may set; the system may set all. */
const writableFields = (model: Model, bySystem: boolean): Record<string, Field> =>
  Object.fromEntries(
    Object.entries(model.fields).filter(
      ([, field]) => bySystem || (field.readOnly !== true && field.hidden !== true),
    ),
  )

const schemas = new WeakMap<Model, Map<string, z.ZodObject>>()

/** The zod schema of a body. Strict: an unknown member is an issue. */
export function inputSchema(model: Model, mode: Mode, bySystem = false): z.ZodObject {
  const ofModel = schemas.get(model) ?? new Map<string, z.ZodObject>()
  schemas.set(model, ofModel)
  const name = `${mode} ${bySystem}`
  const known = ofModel.get(name)
  if (known !== undefined) return known
  const fields = Object.entries(writableFields(model, bySystem))
  const members = fields.flatMap(([field, shape]) =>
    shape.kind === 'object' && !bySystem
      ? Object.entries(objectMembers(field, shape))
      : [[field, memberOf(shape, mode)] as const],
  )
  const schema = z.strictObject(Object.fromEntries(members))
  ofModel.set(name, schema)
  return schema
}

function memberOf(field: Field, mode: Mode): z.ZodType {
  const value = isOptional(field) ? inputOf(field).nullable() : inputOf(field)
  return mode === 'patch' || defaultOf(field) !== undefined ? value.optional() : value
}

/** Reads a body: names and values are checked, defaults are not filled in yet. */
export function parseInput(model: Model, body: unknown, mode: Mode, bySystem = false): Parsed {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    return { values: {}, issues: [{ path: '', message: 'An object is expected.' }] }
  }
  const { custom_fields: customFields, ...members } = body as Record<string, unknown>
  const custom = parseCustomFields(model, customFields, bySystem)
  const own = parseFields(model, members, mode, bySystem)
  return { values: { ...own.values, ...custom.values }, issues: [...own.issues, ...custom.issues] }
}

function parseFields(model: Model, body: Record<string, unknown>, mode: Mode, bySystem: boolean): Parsed {
  const given = withoutShown(model, body, bySystem)
  const schema = inputSchema(model, mode, bySystem)
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap((issue) => issuesOf(issue, model, given, bySystem))
    // What is missing of an object reference is told in the same answer.
    return { values: {}, issues: [...issues, ...foldObjects(model, given, mode).issues] }
  }
  const folded = foldObjects(model, parsed.data, mode)
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(folded.values)) {
    const field = model.fields[name]
    if (field !== undefined && value !== undefined) values[name] = normalise(field, value)
  }
  return { values, issues: folded.issues }
}

function withoutShown(
  model: Model,
  body: Record<string, unknown>,
  bySystem: boolean,
): Record<string, unknown> {
  const aliases = aliasesOf(model)
  const given: [string, unknown][] = []
  for (const [name, value] of Object.entries(body)) {
    const field = model.fields[name]
    if (isShownOnly(model, name, bySystem) || (field?.readOnly === true && !bySystem)) continue
    else if (!Object.hasOwn(aliases, name)) given.push([name, value])
    else if (!Object.hasOwn(body, aliases[name] ?? '')) given.push([aliases[name] ?? '', value])
  }
  // A member called __proto__ becomes one like any other, and is refused as unknown.
  return Object.fromEntries(given)
}

function isShownOnly(model: Model, name: string, bySystem: boolean): boolean {
  if (shownOnly.has(name) || Object.hasOwn(model.counts ?? {}, name)) return true
  if (name === model.countedAs?.name) return true
  if (model.fields[name]?.kind === 'object') return !bySystem
  return name.startsWith('has_') && model.fields[name.slice('has_'.length)]?.kind === 'secret'
}

function aliasesOf(model: Model): Record<string, string> {
  const pairs = Object.entries(model.fields).flatMap(([name, { aliases }]) =>
    (aliases ?? []).map((alias) => [alias, name]),
  )
  return Object.fromEntries(pairs)
}

function issuesOf(
  issue: z.core.$ZodIssue,
  model: Model,
  given: Record<string, unknown>,
  bySystem: boolean,
): Issue[] {
  const path = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
    const known = Object.keys(inputSchema(model, 'patch', bySystem).shape)
    return issue.keys.map((key) => ({ path: key, message: noSuch('field', key, known) }))
  }
  const [first] = issue.path
  const isMissing = issue.path.length === 1 && given[String(first)] === undefined
  if (isMissing) return [{ path, message: 'This field is required.' }]
  const isNull = issue.path.length === 1 && given[String(first)] === null
  return [{ path, message: isNull ? 'This field may not be null.' : issue.message }]
}

/** Fills in what was not given at creation. */
export function withDefaults(
  model: Model,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const filled = mapValues(model.fields, (field, name) =>
    Object.hasOwn(values, name) ? values[name] : defaultOf(field),
  )
  const { custom_fields } = values
  return custom_fields === undefined ? filled : { ...filled, custom_fields }
}
