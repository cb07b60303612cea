import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { areas } from '../../shared/areas.ts'
import { absentLists } from '../../shared/http/absent.ts'
import { matchPath } from '../../shared/http/matching.ts'
import { startApi, type Json, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

describe('what NetBox has and netkeep does not', () => {
  test.each(absentLists.map(({ area, path }) => `/api/${area}/${path}/`))('%s is empty', async (url) => {
    const answer = await api.call('GET', `${url}?limit=0&device_id=1&device_id=2`)

    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({ count: 0, next: null, previous: null, results: [] })
  })

  test('is declared only where netkeep has nothing of its own', () => {
    const both = absentLists.filter(({ area, path }) =>
      Object.values(areas).some((one) => matchPath(one, `/api/${area}/${path}/`) !== undefined),
    )

    expect(both).toEqual([])
  })

  test('has no objects, and says why', async () => {
    const { status, body } = await api.call<Json>('GET', '/api/tenancy/tenants/7/')

    expect(status).toBe(404)
    expect(body['detail']).toContain('/api/organization/')
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('refuses %s with the reason', async (method) => {
    const list = await api.call<Json>(method, '/api/dcim/cables/', { body: [{ id: 1, label: 'x' }] })
    const object = await api.call<Json>(method, '/api/dcim/cables/1/', { body: { label: 'x' } })

    for (const { status, headers, body } of [list, object]) {
      expect([status, headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS'])
      expect(body['detail']).toContain('cabling')
    }
  })

  test('still wants a page that is one, and a token', async () => {
    const page = await api.call<Json>('GET', '/api/tenancy/tenants/?limit=x')
    const stranger = await api.call('GET', '/api/tenancy/tenants/', { token: null })

    expect([page.status, Object.keys(page.body)]).toEqual([400, expect.arrayContaining(['limit'])])
    expect(stranger.status).toBe(401)
  })

  test('has its options and the root of its area', async () => {
    const options = await api.call<Json>('OPTIONS', '/api/tenancy/tenants/')
    const root = await api.call<Json>('GET', '/api/tenancy/')

    expect([options.status, options.body['actions']]).toEqual([200, {}])
    expect(root.body).toMatchObject({ tenants: 'http://netkeep.test/api/tenancy/tenants/' })
  })

  test('a device is not asked by NAPALM, and says where its configuration is', async () => {
    const { status, body } = await api.call<Json>('GET', '/api/dcim/devices/1/napalm/?method=get_facts')

    expect(status).toBe(404)
    expect(body['detail']).toContain('/api/backups/')
  })
})

describe('what clients of NetBox ask beside the models', () => {
  test('whose token it is', async () => {
    const me = await api.call<Json>('GET', '/api/authentication-check/')
    const stranger = await api.call('GET', '/api/authentication-check/', { token: null })

    expect(me.body).toMatchObject({ username: 'admin', is_superuser: true, token: { write_enabled: true } })
    expect(stranger.status).toBe(401)
  })

  test('the preferences of the user', async () => {
    const { status, body } = await api.call('GET', '/api/users/config/')

    expect([status, body]).toEqual([200, {}])
  })

  test('the plugins: the areas that NetBox does not have', async () => {
    const installed = await api.call<{ name: string; package: string }[]>(
      'GET',
      '/api/plugins/installed-plugins/',
    )
    const root = await api.call<Json>('GET', '/api/plugins/')
    const status = await api.call<Json>('GET', '/api/status/')

    const names = installed.body.map(({ name }) => name)
    expect(names).toContain('backups')
    expect(names).not.toContain('dcim')
    expect(Object.keys(root.body)).toEqual(['installed-plugins', ...names])
    expect(Object.keys(status.body['plugins'] as Json)).toEqual(names)
  })
})

describe('below the path of a proxy', () => {
  const headers = { 'x-forwarded-prefix': '/stage' }

  test('every link leads through it again', async () => {
    await api.call('POST', '/api/dcim/sites/', {
      body: [1, 2].map((n) => ({ name: `p${n}`, slug: `p${n}` })),
    })
    const page = await api.call<Json>('GET', '/api/dcim/sites/?limit=1', { headers })
    const root = await api.call<Json>('GET', '/api/', { headers })

    expect(page.body['next']).toContain('http://netkeep.test/stage/api/dcim/sites/?limit=1&offset=1')
    expect((page.body['results'] as Json[])[0]?.['url']).toMatch(
      /^http:\/\/netkeep\.test\/stage\/api\/dcim\//,
    )
    expect(root.body['status']).toBe('http://netkeep.test/stage/api/status/')
  })

  test.each(['stage', '/a b', '//evil.example', '/x"', `/${'x'.repeat(101)}`])(
    'what is no path is left out: %s',
    async (prefix) => {
      const root = await api.call<Json>('GET', '/api/', { headers: { 'x-forwarded-prefix': prefix } })

      expect(root.body['status']).toBe('http://netkeep.test/api/status/')
    },
  )
})
