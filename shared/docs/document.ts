/** The parts of an OpenAPI document that its pages show. It is our own document: nothing here is checked again. */
export type Schema = {
  $ref?: string
  type?: string | readonly string[]
  format?: string
  description?: string
  enum?: readonly unknown[]
  const?: unknown
  default?: unknown
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  writeOnly?: boolean
  required?: readonly string[]
  properties?: Readonly<Record<string, Schema>>
  additionalProperties?: boolean | Schema
  items?: Schema
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  allOf?: readonly Schema[]
}
export type Parameter = {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Schema
}
type Response = {
  $ref?: string
  description?: string
  content?: Readonly<Record<string, { schema?: Schema }>>
}
type Operation = {
  operationId: string
  tags: readonly string[]
  summary: string
  description?: string
  'x-permission'?: string
  security?: readonly unknown[]
  parameters?: readonly Parameter[]
  requestBody?: { content: Readonly<Record<string, { schema?: Schema }>> }
  responses: Readonly<Record<string, Response>>
}
export type Document = {
  info: { title: string; version: string; description: string }
  servers: readonly [{ url: string }]
  tags: readonly { name: string; description: string }[]
  paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  components: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** An operation with where it is. */
export type Place = { method: string; path: string; operation: Operation; parameters: readonly Parameter[] }

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

/** Every operation, in the order of the document. */
export function placesOf({ paths }: Document): Place[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method] as Operation | undefined
      if (operation === undefined) return []
      const shared = (item['parameters'] ?? []) as readonly Parameter[]
      return [{ method, path, operation, parameters: [...shared, ...(operation.parameters ?? [])] }]
    }),
  )
}

/** What a `$ref` leads to, or the object itself. */
export function resolved<T extends { $ref?: string }>(document: Document, part: T): T {
  const [, kind = '', name = ''] = /^#\/components\/(\w+)\/(.+)$/.exec(part.$ref ?? '') ?? []
  return (document.components[kind]?.[name] as T | undefined) ?? part
}

export const refName = ({ $ref = '' }: Schema): string | undefined => $ref.split('/').at(-1) || undefined
