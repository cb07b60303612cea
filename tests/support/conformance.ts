import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

type Json = Record<string, unknown>
type Content = Record<string, { schema?: AnySchemaObject }>
type Operation = { responses: Record<string, { $ref?: string; content?: Content }> }
export type Document = Json & {
  paths: Record<string, Record<string, Operation>>
  components: { responses: Json } & Json
}
type Sent = { method: string; url: string }
type Answered = { status: number; headers: Readonly<Record<string, string>>; body: unknown }

/** What is wrong with an answer, by the document; undefined where it is as declared. */
type Judge = (sent: Sent, answer: Answered) => string | undefined

/**
 * Judges answers by the API's own document, more strictly than a client would: a member that is not declared is wrong,
 * and so is one that is declared and missing (unless the caller asked for a part of the object).
 */
export function judgeBy(document: Document): Judge {
  const strict = closed(document) as Document
  const whole = validatorsOf(strict)
  const partial = validatorsOf(withoutRequired(strict) as Document)
  return (sent, { status, headers, body }) => {
    const { pathname, searchParams } = new URL(sent.url, 'http://netkeep.test')
    const template = templateFor(document, pathname)
    const method = (sent.method === 'HEAD' ? 'GET' : sent.method).toLowerCase()
    const declared = template === undefined ? undefined : document.paths[template]?.[method]
    const type = headers['content-type']?.split(';')[0]
    if (status >= 400 && type !== 'application/problem+json') return `a ${status} of the type ${String(type)}`
    // Paths and methods that are not there have problems as well, of the shape all have.
    if (template === undefined || declared === undefined) {
      const pointer = '#/components/responses/Problem/content/application~1problem+json/schema'
      return status < 400 && method !== 'options'
        ? 'not in the document'
        : status < 400
          ? undefined
          : whole(pointer, body)
    }
    const isDeclared = Object.hasOwn(declared.responses, String(status))
    if (!isDeclared && status < 400) return `the status ${status} is not declared`
    const key = isDeclared ? String(status) : 'default'
    const place = `#/paths/${escaped(template)}/${method}/responses/${key}`
    const ref = declared.responses[key]?.$ref
    const response = (ref === undefined ? declared.responses[key] : resolve(document, ref)) as {
      content?: Content
    }
    if (response.content === undefined || sent.method === 'HEAD')
      return body === undefined ? undefined : 'a body where none is declared'
    const media = Object.keys(response.content).find((one) => one === type || one === '*/*')
    if (media === undefined) return `the type ${String(type)} is not declared`
    if (media === '*/*' || response.content[media]?.schema === undefined) return undefined
    const isPart = ['brief', 'fields', 'omit'].some((name) => searchParams.has(name))
    return (isPart ? partial : whole)(`${ref ?? place}/content/${escaped(media)}/schema`, body)
  }
}

function validatorsOf(document: Document): (pointer: string, body: unknown) => string | undefined {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  addFormats.default(ajv)
  ajv.addSchema(document, 'document')
  const known = new Map<string, ValidateFunction>()
  return (pointer, body) => {
    const validate = known.get(pointer) ?? ajv.compile({ $ref: `document${encodeURI(pointer)}` })
    known.set(pointer, validate)
    if (validate(body)) return undefined
    const [error] = validate.errors ?? []
    return `${error?.instancePath ?? ''} ${error?.message ?? ''} ${JSON.stringify(error?.params)}`
  }
}

const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1')

const resolve = (document: Document, pointer: string): unknown =>
  pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((place, part) => (place as Json)[part], document)

/** Objects whose members are named have no others. */
function closed(schema: unknown): unknown {
  return mapObjects(schema, (one) =>
    typeof one['properties'] === 'object' && !('additionalProperties' in one) && one['type'] === 'object'
      ? { ...one, additionalProperties: false }
      : one,
  )
}

const withoutRequired = (schema: unknown): unknown =>
  mapObjects(schema, (one) => {
    const { required, ...rest } = one
    return Array.isArray(required) ? rest : one
  })

function mapObjects(value: unknown, map: (value: Json) => Json): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => mapObjects(one, map))
  if (value === null || typeof value !== 'object') return value
  return map(Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapObjects(one, map)])))
}

const patterns = new Map<string, RegExp>()

/** The path of the document with the fewest placeholders that fits; the areas below `/api/plugins/` are the same again. */
function templateFor({ paths }: Document, pathname: string): string | undefined {
  const path = pathname.replace(/^\/api\/plugins\/(?=[a-z]+\/)/, '/api/').replace(/\/?$/, '/')
  const fitting = [pathname, path].flatMap((wanted) =>
    Object.keys(paths).filter((template) => patternOf(template).test(wanted)),
  )
  return fitting.toSorted((a, b) => a.split('{').length - b.split('{').length)[0]
}

function patternOf(template: string): RegExp {
  const known = patterns.get(template) ?? new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
  patterns.set(template, known)
  return known
}
