import { markup, type Markup } from '../markup.ts'
import { refName, resolved, type Document, type Parameter, type Schema } from './document.ts'

/** Members of nested objects are shown down to here; deeper ones are in the example. */
const depthMax = 2

/** An object's members as a table, or what else the schema is in words. */
export function schemaTable(document: Document, schema: Schema): Markup {
  const one = resolved(document, schema)
  const branches = one.oneOf ?? one.anyOf ?? one.allOf
  const shown = branches?.[0] === undefined ? one : resolved(document, branches[0])
  const list = shown.type === 'array' && shown.items !== undefined ? resolved(document, shown.items) : shown
  if (list.properties === undefined) return markup`<p>${typeOf(document, one)}</p>`
  return markup`<table><thead><tr><th>Member</th><th>Type</th><th>Notes</th></tr></thead><tbody>${rowsOf(
    document,
    list,
    '',
  )}</tbody></table>`
}

function rowsOf(document: Document, { properties = {}, required = [] }: Schema, prefix: string): Markup[] {
  return Object.entries(properties).flatMap(([name, member]) => {
    const whole = resolved(document, member)
    const path = `${prefix}${name}`
    const row = markup`<tr><td><code>${path}</code></td><td>${typeOf(document, member)}</td><td>${notesOf(
      whole,
      required.includes(name),
    )}</td></tr>`
    const isDeep = path.split('.').length >= depthMax
    return isDeep ? [row] : [row, ...rowsOf(document, objectIn(document, whole), `${path}.`)]
  })
}

/** The object behind a list, or behind one that may be null. */
function objectIn(document: Document, schema: Schema): Schema {
  const [branch] = schema.oneOf ?? schema.anyOf ?? []
  const inner = branch ?? schema.items ?? schema
  return resolved(document, inner)
}

/** `text`, `integer or null`, `list of Site`. */
function typeOf(document: Document, schema: Schema): string {
  const named = refName(schema)
  if (named !== undefined) return named
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  const branches = schema.oneOf ?? schema.anyOf
  if (branches !== undefined)
    return [...new Set(branches.map((branch) => typeOf(document, branch)))].join(' or ')
  if (schema.allOf?.[0] !== undefined) return typeOf(document, schema.allOf[0])
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [])
  return types
    .map((type) => {
      if (type === 'array') return `list of ${typeOf(document, schema.items ?? {}) || 'anything'}`
      return type === 'string' ? (words[schema.format ?? ''] ?? 'text') : type
    })
    .join(' or ')
}

const words: Readonly<Record<string, string>> = {
  'date-time': 'time',
  date: 'date',
  uri: 'URL',
  uuid: 'UUID',
}

function notesOf(schema: Schema, isRequired: boolean): Markup[] {
  const notes = [
    isRequired ? 'required' : '',
    schema.writeOnly === true ? 'never shown' : '',
    schema.default === undefined ? '' : `default ${JSON.stringify(schema.default)}`,
    boundsOf(schema),
    schema.description ?? '',
  ].filter((note) => note !== '')
  const values = schema.enum ?? (schema.oneOf ?? schema.anyOf)?.find((one) => one.enum !== undefined)?.enum
  const choices = values === undefined ? [] : [markup` <code>${values.map(String).join(' | ')}</code>`]
  return [markup`${notes.join('; ')}`, ...choices]
}

function boundsOf({ minimum, maximum, minLength, maxLength }: Schema): string {
  const isNumber = minimum !== undefined || maximum !== undefined
  const [low, high] = isNumber ? [minimum, maximum] : [minLength, maxLength]
  const from = low === undefined || low === Number.MIN_SAFE_INTEGER ? '' : `from ${low}`
  const to = high === undefined || high === Number.MAX_SAFE_INTEGER ? '' : `to ${high}`
  const bounds = [from, to].filter((part) => part !== '').join(' ')
  return bounds === '' || isNumber ? bounds : `${bounds} characters`
}

/** Parameters as a table; the lookups of a filter (`name__ic`) stand with it. */
export function parameterTable(document: Document, parameters: readonly Parameter[]): Markup {
  const names = new Set(parameters.map(({ name }) => name))
  const baseOf = (name: string): string => {
    const base = name.split('__')[0] ?? ''
    return base !== name && names.has(base) ? base : name
  }
  const lookups = new Map<string, string[]>()
  for (const { name } of parameters)
    if (baseOf(name) !== name) lookups.set(baseOf(name), [...(lookups.get(baseOf(name)) ?? []), name])
  const rows = parameters
    .filter(({ name }) => baseOf(name) === name)
    .map(({ name, in: place, required, description, schema = {} }) => {
      const type =
        schema.type === 'array'
          ? `${typeOf(document, schema.items ?? {})}, repeatable`
          : typeOf(document, schema)
      const also = (lookups.get(name) ?? []).map((lookup) => lookup.slice(name.length))
      const more = also.length === 0 ? [] : [markup` <code>${also.join(' ')}</code>`]
      const notes = [required === true ? 'required' : '', description ?? schema.description ?? ''].filter(
        Boolean,
      )
      return markup`<tr><td><code>${name}</code></td><td>${place}</td><td>${type}</td><td>${notes.join('; ')}${more}</td></tr>`
    })
  return markup`<table><thead><tr><th>Name</th><th>In</th><th>Type</th><th>Notes, lookups</th></tr></thead><tbody>${rows}</tbody></table>`
}
