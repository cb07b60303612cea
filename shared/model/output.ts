import type { Model, Row } from './define.ts'
import type { ChoiceField, Field } from './fields.ts'
import type { Known } from './references.ts'
import { knownKey } from './references.ts'
import type { Registry } from './registry.ts'
import { displayOf, mapValues } from './rows.ts'

/** Where the caller reaches us. An area may be asked for below `/api/plugins/`: its links then stay there. */
export type Links = { origin: string; pluginArea: string | undefined }

/** Which members of an object are shown. */
export type Selection = { brief?: boolean; fields?: ReadonlySet<string>; omit?: ReadonlySet<string> }

export type Shown = Record<string, unknown>
export type ShowContext = {
  registry: Registry
  links: Links
  known: Known
  /** Values of the fields that change by themselves, by id. */
  live: ReadonlyMap<number, Record<string, unknown>>
}

const briefCandidates = ['name', 'slug', 'description', 'color'] as const

/** Members of a nested object beside id, url and display. */
export const briefFields = (model: Model): readonly string[] =>
  model.brief ?? briefCandidates.filter((name) => Object.hasOwn(model.fields, name))

/** The absolute URL of a list, or of one object. */
export function urlOf({ origin, pluginArea }: Links, model: Model, id?: number): string {
  const prefix = pluginArea === model.area ? '/api/plugins' : '/api'
  return `${origin}${prefix}/${model.area}/${model.path}/${id === undefined ? '' : `${id}/`}`
}

/** Names of everything an object of this model may show. */
export const shownNames = (model: Model): string[] => [
  'id',
  'url',
  'display',
  ...visibleFields(model).map(([name, field]) => (field.kind === 'secret' ? `has_${name}` : name)),
  ...Object.keys(model.live?.empty ?? {}),
  'custom_fields',
  'created',
  'last_updated',
  '_version',
]

export const visibleFields = (model: Model): [string, Field][] =>
  Object.entries(model.fields).filter(([, field]) => field.hidden !== true)

/** A row in NetBox's shape: choices with their label, references nested with url and display. */
export function show(context: ShowContext, model: Model, row: Row, selection: Selection = {}): Shown {
  const head = { id: row.id, url: urlOf(context.links, model, row.id), display: displayOf(model, row) }
  if (selection.brief === true) return { ...head, ...briefOf(model, row) }
  const whole: Shown = { ...head }
  for (const [name, field] of visibleFields(model)) {
    if (field.kind === 'secret') whole[`has_${name}`] = row[`has_${name}`]
    else whole[name] = showValue(context, field, row[name])
  }
  Object.assign(whole, model.live?.empty, context.live.get(row.id))
  whole['custom_fields'] = {}
  whole['created'] = row.created
  whole['last_updated'] = row.last_updated
  whole['_version'] = row.version
  return select(whole, selection)
}

function select(whole: Shown, { fields, omit }: Selection): Shown {
  if (fields === undefined && omit === undefined) return whole
  const kept = Object.entries(whole).filter(
    ([name]) => (fields?.has(name) ?? true) && omit?.has(name) !== true,
  )
  return Object.fromEntries(kept)
}

function showValue(context: ShowContext, field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (field.kind === 'choice') return showChoice(field, value as string)
  if (field.kind === 'ref') return showReference(context, field.to, value as number)
  if (field.kind !== 'refs') return value
  return (value as number[])
    .map((id) => showReference(context, field.to, id))
    .filter((shown) => shown !== null)
}

const showChoice = ({ choices }: ChoiceField, value: string): Shown => ({
  value,
  label: choices[value] ?? value,
})

/** Nested objects always carry id and url: without them pynetbox asks for each one. */
function showReference({ registry, links, known }: ShowContext, to: string, id: number): Shown | null {
  const model = registry.get(to)
  const row = known.get(knownKey(to, id))
  if (row === undefined) return null
  return { id, url: urlOf(links, model, id), display: displayOf(model, row), ...briefOf(model, row) }
}

function briefOf(model: Model, row: Row): Shown {
  return Object.fromEntries(
    briefFields(model).map((name) => [name, showScalar(model.fields[name], row[name])]),
  )
}

const showScalar = (field: Field | undefined, value: unknown): unknown =>
  field?.kind === 'choice' && typeof value === 'string' ? showChoice(field, value) : value

/** What `OPTIONS` says about each field, with the choices pynetbox reads. */
export function describeFields(model: Model): Record<string, unknown> {
  return mapValues(Object.fromEntries(visibleFields(model)), (field, name) => ({
    type: optionTypes[field.kind],
    required: !('default' in field) && field.kind !== 'refs' && !('optional' in field && field.optional),
    read_only: field.readOnly === true,
    write_only: field.kind === 'secret',
    label: field.label ?? labelOf(name),
    ...(field.help === undefined ? {} : { help_text: field.help }),
    ...('max' in field && field.kind !== 'int' && field.kind !== 'refs' ? { max_length: field.max } : {}),
    ...(field.kind === 'int' ? { min_value: field.min, max_value: field.max } : {}),
    ...(field.kind === 'choice'
      ? { choices: Object.entries(field.choices).map(([value, label]) => ({ value, display_name: label })) }
      : {}),
  }))
}

const labelOf = (name: string): string => {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Words of Django REST framework's metadata. */
const optionTypes: Record<Field['kind'], string> = {
  text: 'string',
  slug: 'slug',
  int: 'integer',
  bool: 'boolean',
  choice: 'choice',
  datetime: 'datetime',
  json: 'json',
  secret: 'string',
  ref: 'nested object',
  refs: 'list',
}
