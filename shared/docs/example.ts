import { resolved, type Document, type Schema } from './document.ts'

/** Nested objects beyond this are left empty: a reference to a parent would go round for ever. */
const depthMax = 5

/** A value as the schema describes it. With `requiredOnly` an object has what it must have, or else its first members. */
export function exampleOf(
  document: Document,
  schema: Schema,
  { requiredOnly = false, depth = 0 } = {},
): unknown {
  const one = resolved(document, schema)
  if (one.const !== undefined) return one.const
  if (one.enum !== undefined) return one.enum[0]
  if (one.default !== undefined) return one.default
  const [branch] = one.allOf ?? one.oneOf ?? one.anyOf ?? []
  if (branch !== undefined) return exampleOf(document, branch, { requiredOnly, depth })
  const type = typeof one.type === 'string' ? one.type : one.type?.[0]
  if (type === 'array') {
    const isDeep = depth >= depthMax || one.items === undefined
    return isDeep ? [] : [exampleOf(document, one.items ?? {}, { requiredOnly, depth: depth + 1 })]
  }
  if (type === 'object' || one.properties !== undefined) {
    if (depth >= depthMax) return {}
    return exampleObject(document, one, { requiredOnly, depth })
  }
  return scalar(type, one)
}

const shownFirst = 3

function exampleObject(
  document: Document,
  { properties = {}, required = [] }: Schema,
  { requiredOnly, depth }: { requiredOnly: boolean; depth: number },
): Record<string, unknown> {
  const all = Object.entries(properties)
  const wanted = all.filter(([name]) => required.includes(name))
  const some =
    wanted.length > 0 ? wanted : all.filter(([name]) => !serverNames.has(name)).slice(0, shownFirst)
  return Object.fromEntries(
    (requiredOnly ? some : all).map(([name, member]) => [
      name,
      exampleOf(document, member, { requiredOnly, depth: depth + 1 }),
    ]),
  )
}

const serverNames = new Set(['id', '_version'])

function scalar(type: string | undefined, { format, minimum = 1, maximum = Infinity }: Schema): unknown {
  if (type === 'integer' || type === 'number') return Math.min(Math.max(minimum, 1), maximum)
  if (type === 'boolean') return true
  if (type === 'null') return null
  if (type === undefined) return {}
  return texts[format ?? ''] ?? 'text'
}

const texts: Readonly<Record<string, string>> = {
  'date-time': '2026-11-26T08:00:00Z',
  date: '2026-11-26',
  uri: 'https://netkeep.example/api/…',
  uuid: '9f1e8a52-9d0c-4a53-8d3c-1b2c3d4e5f60',
}
