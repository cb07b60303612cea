import { errorTable, type ErrorCode } from '../errors.ts'

export type Json = Record<string, unknown>

export const schemaRef = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
export const jsonContent = (schema: Json): Json => ({ 'application/json': { schema } })

/** Members of a problem give way to the complaints about a field of the same name (`shared/http/problem.ts`). */
const orComplaints = (schema: Json): Json => ({ anyOf: [schema, complaints] })
const complaints: Json = { type: 'array', items: { type: 'string' } }

export const problemSchema: Json = {
  type: 'object',
  description:
    'RFC 9457. What is wrong with a field stands beside it, as a list of messages under the name of the field; ' +
    'what is wrong with rows of a list is in `errors`, each with its `index` or `id`.',
  required: ['type', 'title', 'status', 'detail', 'code', 'instance'],
  properties: {
    type: orComplaints({ type: 'string' }),
    title: orComplaints({ type: 'string' }),
    status: orComplaints({ type: 'integer' }),
    detail: orComplaints({ type: 'string' }),
    code: orComplaints({ type: 'string', enum: Object.keys(errorTable) }),
    instance: orComplaints({ type: 'string', description: 'The id of the request.' }),
    etag: { type: 'string', description: 'The current one, where another was asked for.' },
    errors: { type: 'array', items: { type: 'object' } },
  },
  additionalProperties: true,
}

const textHeader = (description: string): Json => ({ description, schema: { type: 'string' } })

/** Headers that every answer has, and those that some have. */
export const headerComponents: Json = {
  'X-Request-ID': textHeader(
    'Yours where you sent a UUID, else a fresh one. It is in logs and change records.',
  ),
  'X-Process-Time': textHeader('Seconds that the answer took here.'),
  'API-Version': textHeader('The NetBox API whose shape this is.'),
  ETag: textHeader('The version of the object, to be sent back as `If-Match`.'),
}

const headersOf = (...names: string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
const everyHeader = headersOf('X-Request-ID', 'X-Process-Time', 'API-Version')

export const responseComponents: Json = {
  Problem: {
    description: 'A problem',
    headers: everyHeader,
    content: { 'application/problem+json': { schema: schemaRef('Problem') } },
  },
  Done: { description: 'Done', headers: everyHeader },
}

export type Answer = { content?: Json; hasTag?: boolean }

/** Answers of an operation: the good ones by status, its errors by theirs, and `default` for what any request may meet. */
export function responsesOf(answers: Readonly<Record<number, Answer>>, errors: readonly ErrorCode[]): Json {
  const good = Object.entries(answers).map(([status, { content, hasTag }]): [string, Json] => {
    if (content === undefined) return [status, { $ref: '#/components/responses/Done' }]
    const headers = hasTag === true ? { ...everyHeader, ...headersOf('ETag') } : everyHeader
    return [status, { description: 'Done', headers, content }]
  })
  const problem = { $ref: '#/components/responses/Problem' }
  const statuses = [...new Set(errors.map((code) => String(errorTable[code].status)))]
  return {
    ...Object.fromEntries(good),
    ...Object.fromEntries(statuses.map((status) => [status, problem])),
    default: problem,
  }
}
