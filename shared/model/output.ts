import { describeCustomFields, showCustomFields } from './custom-output.ts'
import type { Model, Row } from './define.ts'
import type { ChoiceField, Field, ObjectRef } from './fields.ts'
import { defaultOf } from './field-schema.ts'
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
  /** How many rows refer to a row, by the names of its model's counts; of a new row all are 0. */
  countsOf?: (row: Row) => Readonly<Record<string, number>>
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
  ...visibleFields(model).flatMap(([name, field]) => shownMembers(name, field)),
  ...Object.keys(emptyLive(model)),
  ...countNames(model),
  'custom_fields',
  'created',
  'last_updated',
  '_version',
]

/** Whether the caller wants to see a field; brief objects have few. */
export function isSelected(model: Model, { brief, fields, omit }: Selection, name: string): boolean {
  if (brief === true) return briefFields(model).includes(name)
  const field = model.fields[name]
  const members = field === undefined ? [name] : shownMembers(name, field)
  return members.some((member) => (fields?.has(member) ?? true) && omit?.has(member) !== true)
}

/** What changes without the row, where it is not known. */
const emptyLive = ({ live, countedAs }: Model): Readonly<Record<string, null>> => ({
  ...live?.empty,
  ...(countedAs === undefined ? {} : { [countedAs.name]: null }),
})

/** Names of the counts that a model shows. */
export const countNames = ({ counts }: Model): string[] => Object.keys(counts ?? {})

/** The members in which a field is shown. */
function shownMembers(name: string, field: Field): string[] {
  if (field.kind === 'secret') return [`has_${name}`]
  return field.kind === 'object' ? [`${name}_type`, `${name}_id`, name] : [name]
}

export const visibleFields = (model: Model): [string, Field][] =>
  Object.entries(model.fields).filter(([, field]) => field.hidden !== true)

/** A row in NetBox's shape: choices with their label, references nested with url and display. */
export function show(context: ShowContext, model: Model, row: Row, selection: Selection = {}): Shown {
  const head = { id: row.id, url: urlOf(context.links, model, row.id), display: displayOf(model, row) }
  if (selection.brief === true) return { ...head, ...briefOf(context, model, row) }
  const whole: Shown = { ...head }
  for (const [name, field] of visibleFields(model)) {
    if (field.kind === 'secret') whole[`has_${name}`] = row[`has_${name}`]
    else if (field.kind === 'object') Object.assign(whole, showObject(context, name, row[name]))
    else whole[name] = showValue(context, field, row[name])
  }
  Object.assign(whole, emptyLive(model), context.live.get(row.id))
  if (model.counts !== undefined) {
    const counts = context.countsOf?.(row)
    for (const name of countNames(model)) whole[name] = counts?.[name] ?? 0
  }
  whole['custom_fields'] = showCustomFields(model, row, (to, id) => showReference(context, to, id))
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
  if (field.kind === 'list' && field.of.kind === 'choice') {
    const { of } = field
    return (value as string[]).map((one) => showChoice(of, one))
  }
  if (field.kind === 'ref') return showReference(context, field.to, value as number)
  if (field.kind !== 'refs') return value
  return (value as number[])
    .map((id) => showReference(context, field.to, id))
    .filter((shown) => shown !== null)
}

const showChoice = ({ choices, numeric }: ChoiceField, value: string): Shown => ({
  value: numeric === true ? Number(value) : value,
  label: choices[value] ?? value,
})

/** A generic reference as NetBox shows it: the type, the id, and the object nested. */
function showObject(context: ShowContext, name: string, value: unknown): Shown {
  const { type, id } = (value ?? { type: null, id: null }) as ObjectRef | { type: null; id: null }
  const nested = type === null ? null : showReference(context, type, id)
  return { [`${name}_type`]: type, [`${name}_id`]: id, [name]: nested }
}

/** Nested objects always carry id and url: without them pynetbox asks for each one. */
function showReference(context: ShowContext, to: string, id: number): Shown | null {
  const { registry, links, known } = context
  const model = registry.get(to)
  const row = known.get(knownKey(to, id))
  if (row === undefined) return null
  return { id, url: urlOf(links, model, id), display: displayOf(model, row), ...briefOf(context, model, row) }
}

/** References of a nested object are nested once more, without going on from there. */
function briefOf(context: ShowContext, model: Model, row: Row): Shown {
  return Object.fromEntries(
    briefFields(model).map((name) => {
      const field = model.fields[name]
      const value = row[name]
      if (field?.kind === 'ref' && typeof value === 'number')
        return [name, showLeaf(context, field.to, value)]
      return [name, showScalar(field, value)]
    }),
  )
}

function showLeaf({ registry, links, known }: ShowContext, to: string, id: number): Shown | null {
  const model = registry.get(to)
  const row = known.get(knownKey(to, id))
  if (row === undefined) return null
  const plain = briefFields(model).filter((name) => model.fields[name]?.kind !== 'ref')
  return {
    id,
    url: urlOf(links, model, id),
    display: displayOf(model, row),
    ...Object.fromEntries(plain.map((name) => [name, showScalar(model.fields[name], row[name])])),
  }
}

const showScalar = (field: Field | undefined, value: unknown): unknown =>
  field?.kind === 'choice' && typeof value === 'string' ? showChoice(field, value) : value

/** What `OPTIONS` says about each field, with the choices pynetbox reads. */
export function describeFields(model: Model): Record<string, unknown> {
  const own = mapValues(Object.fromEntries(visibleFields(model)), (field, name) => ({
    type: optionTypes[field.kind],
    required: isRequired(field),
    read_only: field.readOnly === true,
    write_only: field.kind === 'secret',
    label: field.label ?? labelOf(name),
    ...(field.help === undefined ? {} : { help_text: field.help }),
    ...(field.kind === 'text' || field.kind === 'slug' || field.kind === 'secret'
      ? { max_length: field.max }
      : {}),
    ...(field.kind === 'int' || field.kind === 'decimal'
      ? { min_value: field.min, max_value: field.max }
      : {}),
    ...describeChoices(field.kind === 'list' ? field.of : field),
  }))
  const children = describeCustomFields(model, ({ kind }) => optionTypes[kind])
  const shared = { type: 'nested object', required: false, read_only: false, label: 'Custom fields' }
  return { ...own, custom_fields: { ...shared, children } }
}

function describeChoices(field: Field): Shown {
  if (field.kind !== 'choice') return {}
  const shown = Object.keys(field.choices).map((name) => showChoice(field, name))
  return { choices: shown.map(({ value, label }) => ({ value, display_name: label })) }
}

const isRequired = (field: Field): boolean => defaultOf(field) === undefined

const labelOf = (name: string): string => {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Words of Django REST framework's metadata. */
const optionTypes: Record<Field['kind'], string> = {
  decimal: 'decimal',
  date: 'date',
  network: 'string',
  address: 'string',
  mac: 'string',
  list: 'list',
  object: 'object',
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
