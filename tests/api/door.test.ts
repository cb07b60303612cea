import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { version } from '../../shared/version.ts'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const requestId = '9f1e8a52-9d0c-4a53-8d3c-1b2c3d4e5f60'

describe('every answer carries its request id, its time and the version', () => {
  test.each([
    ['a good one', 'GET', '/api/status/', {}],
    ['a problem', 'GET', '/api/dcim/sites/1/', {}],
    ['a refusal', 'GET', '/api/dcim/sites/', { token: null }],
    ['an unknown path', 'GET', '/elsewhere', {}],
  ])('%s', async (_, method, url, call) => {
    const given = await api.call(method, url, { ...call, headers: { 'x-request-id': requestId } })
    const made = await api.call(method, url, { ...call, headers: { 'x-request-id': '<script>' } })

    expect(given.headers['x-request-id']).toBe(requestId)
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(made.headers['x-process-time']).toMatch(/^\d+\.\d{4}$/)
    expect(made.headers['api-version']).toBe('4.2')
  })
})

describe('what is refused at the door', () => {
  const json = { name: 'x', slug: 'x' }
  test.each<[string, string, Json, number, string]>([
    ['an unknown path', 'GET /api/nowhere/', {}, 404, 'not_found'],
    ['an unknown list', 'GET /api/dcim/sitez/', {}, 404, 'not_found'],
    ['an id that is none', 'GET /api/dcim/sites/abc/', {}, 404, 'not_found'],
    ['an object that is not there', 'GET /api/dcim/sites/7/', {}, 404, 'not_found'],
    ['too deep a path', 'GET /api/dcim/sites/7/more/', {}, 404, 'not_found'],
    [
      'a method the object does not have',
      'POST /api/dcim/sites/7/',
      { body: json },
      405,
      'method_not_allowed',
    ],
    [
      'a method the model does not have',
      'PUT /api/core/object-changes/',
      { body: [] },
      405,
      'method_not_allowed',
    ],
    [
      'another content type',
      'POST /api/dcim/sites/',
      { body: json, headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    ['a body that is no JSON', 'POST /api/dcim/sites/', { body: '{"name":' }, 400, 'malformed_body'],
    [
      'a body with half a character',
      'POST /api/dcim/sites/',
      { body: String.raw`{"name": "\ud800x", "slug": "x"}` },
      400,
      'malformed_body',
    ],
    ['a body that is no object', 'POST /api/dcim/sites/', { body: '7' }, 400, 'validation_failed'],
    [
      'a body that is too large',
      'POST /api/dcim/sites/',
      { body: `"${'x'.repeat(5_000_001)}"` },
      413,
      'too_large',
    ],
    [
      'too many rows',
      'POST /api/dcim/sites/',
      { body: Array.from({ length: 1001 }, () => json) },
      413,
      'too_large',
    ],
    ['a parameter on a write', 'POST /api/dcim/sites/?name=x', { body: json }, 400, 'unknown_parameter'],
    ['a parameter on an object', 'GET /api/dcim/sites/7/?nmae=x', {}, 400, 'unknown_parameter'],
    ['a parameter on an operation', 'GET /api/status/?x=1', {}, 400, 'unknown_parameter'],
  ])('%s', async (_, line, ...[call, status, code]) => {
    const [method = '', url = ''] = line.split(' ')
    const answer = await api.call(method, url, call)

    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({
      code,
      type: `/problems/${code}`,
      title: expect.any(String),
      instance: answer.headers['x-request-id'],
    })
    expect(answer.headers['content-type']).toBe('application/problem+json')
  })
})

test('a 405 says what is allowed', async () => {
  const { headers } = await api.call('POST', '/api/dcim/sites/7/', { body: {} })

  expect(headers['allow']).toBe('DELETE, GET, HEAD, OPTIONS, PATCH, PUT')
})

test.each(['/api/dcim/sites', '/api/plugins/dcim/sites', '/api/dcim/sites/'])(
  '%s is the list of sites',
  async (path) => {
    const answer = await api.call('GET', path)

    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ count: expect.any(Number), results: expect.any(Array) })
  },
)

test('HEAD answers as GET without a body', async () => {
  const answer = await api.call('HEAD', '/api/dcim/sites/')

  expect(answer.status).toBe(200)
  expect(answer.body).toBeUndefined()
})

test('the status tells the versions', async () => {
  const { body } = await api.call('GET', '/api/status/')
  const { version: packaged } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { version: string }

  expect(body).toMatchObject({ 'netbox-version': '4.2.0', 'netkeep-version': version, plugins: {} })
  expect(version).toBe(packaged)
})

test('the root leads to every area', async () => {
  const { body } = await api.call('GET', '/api/')

  for (const url of ['dcim', 'extras', 'users', 'core', 'backups'].map((area) => body[area])) {
    expect(url).toMatch(/^http:\/\/netkeep\.test\/api\/[a-z]+\/$/)
  }
})

test('a fault of ours tells nothing but that it is one', async () => {
  const { served } = api
  const item = { pk: 'dcim.site#99', sk: '.', id: 99, version: 1, name: 'broken' }
  await served.table.write([{ put: item, unconditionally: true }])

  const answer = await api.call('GET', '/api/dcim/sites/99/')

  expect(answer.status).toBe(500)
  expect(answer.body).toEqual({
    type: '/problems/internal',
    title: 'Something went wrong here',
    status: 500,
    detail: 'Something went wrong here',
    code: 'internal',
    instance: answer.headers['x-request-id'],
  })
})

describe('OpenAPI', () => {
  type Document = {
    openapi: string
    paths: Record<string, Record<string, { operationId: string; parameters?: { name: string }[] }>>
    components: { schemas: Json }
  }

  test('describes every list with its filters, as an inventory plugin reads them', async () => {
    const { body } = await api.call<Document>('GET', '/api/schema/?format=json', { token: null })

    expect(body.openapi).toBe('3.1.0')
    const filters = body.paths['/api/dcim/devices/']?.['get']?.parameters?.map(({ name }) => name)
    expect(filters).toEqual(
      expect.arrayContaining(['name', 'name__ic', 'site', 'site_id', 'tag', 'q', 'limit', 'ordering']),
    )
    expect(
      body.paths['/api/backups/credentials/']?.['get']?.parameters?.map(({ name }) => name),
    ).not.toContain('password')
  })
})

test('changes are listed newest first, with who, what and why', async () => {
  const headers = { 'x-request-id': requestId, 'x-changelog-message': 'as ordered' }
  const site = await api.call('POST', '/api/dcim/sites/', {
    body: { name: 'Logged', slug: 'logged' },
    headers,
  })
  await api.call('PATCH', `/api/dcim/sites/${site.body.id}/`, { body: { facility: 'F' } })
  await api.call('DELETE', `/api/dcim/sites/${site.body.id}/`)

  const query = `changed_object_type=dcim.site&changed_object_id=${site.body.id}`
  const { body } = await api.call<{ count: number; results: Shown[] }>(
    'GET',
    `/api/core/object-changes/?${query}`,
  )
  const one = await api.call('GET', `/api/core/object-changes/${body.results[2]?.id}/`)

  expect(body.results.map((change) => (change['action'] as Json)['value'])).toEqual([
    'delete',
    'update',
    'create',
  ])
  expect(body.results[1]).toMatchObject({
    prechange_data: { facility: '' },
    postchange_data: { facility: 'F' },
    user_name: 'admin',
  })
  expect(one.body).toMatchObject({
    request_id: requestId,
    message: 'as ordered',
    object_repr: 'Logged',
    user: { username: 'admin' },
  })
})
