import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type Json, type TestApi } from '../support/api.ts'
import { judgeBy, type Document } from '../support/conformance.ts'

type Parameter = { name: string; in: string; schema: Json }
type Operation = { operationId: string; summary?: string; parameters?: Parameter[] }

let api: TestApi
let document: Document
let operations: Operation[]

beforeAll(async () => {
  api = await startApi()
  document = (await api.call<Document>('GET', '/api/schema/?format=json', { token: null })).body
  operations = Object.values(document.paths).flatMap((path) =>
    Object.entries(path).flatMap(([method, one]) =>
      method === 'parameters' ? [] : [one as unknown as Operation],
    ),
  )
})
afterAll(() => api.stop())

test('the document is valid OpenAPI 3.1, by a validator of others', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document))

  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  expect(document['openapi']).toBe('3.1.0')
})

test('older clients get the same at /api/docs/?format=openapi', async () => {
  const { body } = await api.call('GET', '/api/docs/?format=openapi', { token: null })

  expect(body).toEqual(document)
})

test('it refers to nothing that it does not define', () => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([\w-]+)"/g)]
  const components = document.components as unknown as Record<string, Json>

  const lost = refs.filter(([, kind = '', name = '']) => !Object.hasOwn(components[kind] ?? {}, name))

  expect(refs.length).toBeGreaterThan(0)
  expect(lost).toEqual([])
})

test('each operation has a name of its own and says what it does', () => {
  const names = operations.map(({ operationId }) => operationId)

  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  expect(operations.filter(({ summary = '' }) => summary === '')).toEqual([])
})

test('no two parameters of an operation have one name', () => {
  const repeated = operations.flatMap(({ operationId, parameters = [] }) => {
    const names = parameters.map(({ in: place, name }) => `${place} ${name}`)
    return names.filter((name, index) => names.indexOf(name) !== index).map((name) => [operationId, name])
  })

  expect(repeated).toEqual([])
})

test('every list takes each of its declared parameters', async () => {
  const lists = Object.entries(document.paths).flatMap(([path, { get }]) => {
    const { operationId = '', parameters = [] } = (get ?? {}) as Partial<Operation>
    return operationId.endsWith('_list') && parameters.length > 0
      ? [{ path, names: parameters.map(({ name }) => name) }]
      : []
  })

  const first = ['at', 'filter', 'filter_id', 'export']
  const refused: string[] = []
  for (const { path, names } of lists) {
    // One of them is no parameter: the answer names it, and nothing else.
    // A time, saved filters and the form of an export are read before all else.
    const query = [...names.filter((name) => !first.includes(name)), 'no_such_name']
      .map((name) => `${name}=1`)
      .join('&')
    const { body } = await api.call<Json>('GET', `${path}?${query}`)
    if (body['code'] !== 'unknown_parameter') throw new Error(`${path} took a parameter it does not have`)
    const messages = names.filter((name) => /There is no (?:filter|parameter)/.test(String(body[name])))
    refused.push(...messages.map((name) => `${path}?${name}`))
  }

  expect(lists.length).toBeGreaterThan(5)
  expect(refused).toEqual([])
})

test('it fits through the door', () => {
  // A Lambda answers at most 6 MB.
  expect(JSON.stringify(document).length).toBeLessThan(5_000_000)
})

test('an answer with a member too many or too few is seen by the tests', async () => {
  const judge = judgeBy(document)
  const sent = { method: 'GET', url: '/api/status/' }
  const { body, ...answer } = await api.call<Json>('GET', '/api/status/')
  const { plugins, ...less } = body

  expect(judge(sent, { ...answer, body })).toBeUndefined()
  expect(judge(sent, { ...answer, body: { ...body, more: 1 } })).toContain('more')
  expect(judge(sent, { ...answer, body: less })).toContain('plugins')
  expect(judge(sent, { ...answer, body: { ...body, plugins: 7 } })).toContain('plugins')
  expect(plugins).toBeDefined()
})
