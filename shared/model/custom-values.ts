import * as z from 'zod'
import type { Issue } from '../errors.ts'
import type { CustomField } from './custom-field.ts'
import type { Model, Row } from './define.ts'
import { inputOf, normalise, storedOf } from './field-schema.ts'
import { noSuch } from './nearest.ts'
import { steadyJson } from './steady-json.ts'

/** Values by the names of their custom fields; of a stored row only those that are set. */
export type CustomValues = Readonly<Record<string, unknown>>

/** Bytes of all values of a row as JSON: a row and its change record lie in items of 400 kB. */
const valuesMax = 100_000

/**
 * How values of a stored row take part in what holds rows together: `unique` is the custom field that guards the value,
 * `to` the model it refers to. It lies beside the values, so that a row gives up exactly what it once took, whatever has
 * become of the definitions.
 */
const Ties = z.record(z.string(), z.object({ unique: z.number().optional(), to: z.string().optional() }))
type Ties = z.infer<typeof Ties>

/** What a stored row has beside its model's fields. */
export const customMembers = {
  custom_fields: z.record(z.string(), z.unknown()).default({}),
  custom_ties: Ties.optional(),
}

export const customValuesOf = (row: Row): CustomValues => (row['custom_fields'] ?? {}) as CustomValues

/** Of a path: `custom_fields.cost`. */
export const customPath = (name: string): string => `custom_fields.${name}`
/** The name in such a path; undefined for a field of the model's own. */
export const customNameOf = (path: string): string | undefined =>
  path.startsWith('custom_fields.') ? path.slice('custom_fields.'.length) : undefined

type Read = { values: Record<string, unknown>; issues: Issue[] }

/** Reads the member `custom_fields` of a body: what is given. The system may clear what callers must keep. */
export function parseCustomFields(model: Model, given: unknown, bySystem: boolean): Read {
  const isObject =
    given === undefined || (given !== null && typeof given === 'object' && !Array.isArray(given))
  if (!isObject) return { values: {}, issues: [{ path: 'custom_fields', message: 'An object is expected.' }] }
  const fields = model.customFields ?? []
  const values = new Map<string, unknown>()
  const issues: Issue[] = []
  for (const [name, value] of Object.entries(given ?? {})) {
    const field = fields.find((one) => one.name === name)
    // What a deleted field left behind: the system may still take out an object that goes.
    if (field === undefined && bySystem && (value === null || Array.isArray(value))) {
      values.set(name, null)
      continue
    }
    const read = field === undefined ? unknownName(fields, name) : readValue(field, value, bySystem)
    if ('issues' in read) issues.push(...read.issues)
    else values.set(name, read.value)
  }
  return { values: values.size === 0 ? {} : { custom_fields: Object.fromEntries(values) }, issues }
}

const unknownName = (fields: readonly CustomField[], name: string): { issues: Issue[] } => {
  const known = fields.map((one) => one.name)
  return { issues: [{ path: customPath(name), message: noSuch('custom field', name, known) }] }
}

/** Fills in what a creation left out. The system may leave out what is required of callers. */
export function completeCustomFields(
  model: Model,
  body: unknown,
  { parsed, bySystem }: { parsed: Read; bySystem: boolean },
): Read {
  const fields = model.customFields ?? []
  if (fields.length === 0) return parsed
  const given = body !== null && typeof body === 'object' && 'custom_fields' in body ? body.custom_fields : {}
  const missing = fields.filter(({ name }) => !Object.hasOwn(given ?? {}, name))
  const issues = missing
    .filter((field) => field.required && field.default === null && !bySystem)
    .map(({ name }) => ({ path: customPath(name), message: 'This field is required.' }))
  const defaults = Object.fromEntries(missing.map((field) => [field.name, field.default]))
  const custom_fields = { ...defaults, ...customValuesOf(parsed.values as Row) }
  return { values: { ...parsed.values, custom_fields }, issues: [...parsed.issues, ...issues] }
}

/** The value as it is kept, or what is wrong with it. References are still as they were given. */
export function readValue(
  { name, field, required }: Pick<CustomField, 'name' | 'field' | 'required'>,
  given: unknown,
  bySystem: boolean,
): { value: unknown } | { issues: Issue[] } {
  const path = customPath(name)
  const isEmpty =
    given === null || given === '' || (Array.isArray(given) && given.length === 0 && isMany(field))
  if (isEmpty) {
    return required && !bySystem
      ? { issues: [{ path, message: 'This field may not be null.' }] }
      : { value: null }
  }
  const parsed = inputOf(field).safeParse(given)
  if (!parsed.success) {
    return {
      issues: parsed.error.issues.map((issue) => ({
        path: [path, ...issue.path.map(String)].join('.'),
        message: issue.message,
      })),
    }
  }
  const value = normalise(field, parsed.data)
  return { value: Array.isArray(value) && field.kind === 'list' ? [...new Set(value)] : value }
}

const isMany = ({ kind }: CustomField['field']): boolean => kind === 'list' || kind === 'refs'

/** A row's values with what a body gave; null takes one away. */
export function mergeCustomValues(before: Row, given: CustomValues): CustomValues {
  const merged = Object.entries({ ...customValuesOf(before), ...given })
  return Object.fromEntries(merged.filter(([, value]) => value !== null))
}

/**
 * The row as it is stored: values of custom fields that exist and hold something, and how they are tied. What a
 * deleted custom field left in the row goes.
 */
export function settleCustomFields(model: Model, row: Row): Row {
  if (model.customFields === undefined) return row
  const values = customValuesOf(row)
  const kept: [string, unknown][] = []
  const ties: [string, Ties[string]][] = []
  for (const field of model.customFields) {
    const value = fittingValue(field, values)
    if (value === null) continue
    kept.push([field.name, value])
    const to = 'to' in field.field && typeof field.field.to === 'string' ? { to: field.field.to } : {}
    const unique = field.unique ? { unique: field.id } : {}
    if (field.unique || 'to' in to) ties.push([field.name, { ...unique, ...to }])
  }
  const { custom_ties: _, ...rest } = row
  return {
    ...rest,
    custom_fields: Object.fromEntries(kept),
    ...(ties.length === 0 ? {} : { custom_ties: Object.fromEntries(ties) }),
  }
}

/** A complaint where the values of a row are too much together. */
export function customSizeIssues(row: Row): Issue[] {
  const size = Buffer.byteLength(JSON.stringify(customValuesOf(row)))
  return size <= valuesMax
    ? []
    : [{ path: 'custom_fields', message: `At most ${valuesMax} bytes in all custom fields together.` }]
}

const schemas = new WeakMap<CustomField, z.ZodType>()

/** The value of a row; null where there is none, or one of another kind, from a deleted field of the same name. */
export function fittingValue(field: CustomField, values: CustomValues): unknown {
  const value = Object.hasOwn(values, field.name) ? values[field.name] : null
  if (value === null || value === undefined) return null
  const schema = schemas.get(field) ?? storedOf(field.field)
  schemas.set(field, schema)
  return schema.safeParse(value).success ? value : null
}

const tiesOf = (row: Row): [string, Ties[string]][] => Object.entries((row['custom_ties'] ?? {}) as Ties)

/** The guarded values of a stored row: the custom field's id, its name, the value as text. */
export function customGuards(row: Row): { fieldId: number; name: string; text: string }[] {
  const values = customValuesOf(row)
  return tiesOf(row).flatMap(([name, { unique }]) => {
    const value = values[name]
    if (unique === undefined || value === undefined || value === null) return []
    return [{ fieldId: unique, name, text: typeof value === 'string' ? value : steadyJson(value) }]
  })
}

/** What the values of a row refer to: as stored by its ties, as shown by the definitions. */
export function customReferences(model: Model, row: Row): { to: string; id: number; field: string }[] {
  const values = customValuesOf(row)
  const targets: [string, string | undefined][] =
    row['custom_ties'] === undefined
      ? (model.customFields ?? []).map(({ name, field }) => [name, targetOf(field)])
      : tiesOf(row).map(([name, { to }]) => [name, to])
  return targets.flatMap(([name, to]) => {
    if (to === undefined) return []
    const value = values[name]
    const ids = Array.isArray(value) ? value : [value]
    const whole = ids.filter((id): id is number => typeof id === 'number')
    return whole.map((id) => ({ to, id, field: customPath(name) }))
  })
}

const targetOf = (field: CustomField['field']): string | undefined =>
  field.kind === 'ref' || field.kind === 'refs' ? field.to : undefined

/** The models that a model's custom fields refer to. */
export const customTargets = (model: Model): string[] =>
  (model.customFields ?? []).flatMap(({ field }) => targetOf(field) ?? [])
