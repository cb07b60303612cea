import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRows, updateRows } from '../../shared/model/records.ts'
import { newTokenText } from '../../shared/users/token-text.ts'
import { createToken } from '../../shared/users/create-token.ts'
import { user } from '../../shared/users/models/user.ts'
import { createAdmin } from '../../shared/users/create-admin.ts'
import { createEngine, type Engine } from '../../shared/model/engine.ts'
import { registry } from '../../shared/models.ts'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'
import { actor, seal } from '../support/engine.ts'

let api: TestApi
let engine: Engine
beforeAll(async () => {
  api = await startApi()
  engine = createEngine({ table: api.served.table, registry, seal, now: () => new Date() })
})
afterAll(() => api.stop())

let counter = 0
async function tokenOf(
  values: Json,
  owner: Json = { is_superuser: true },
): Promise<{ text: string; userId: number }> {
  const [row] = await createRows(engine, user, [{ username: `user-${++counter}`, ...owner }], { actor })
  if (row === undefined) throw new Error('no user')
  const { text } = await createToken(engine, { user: row.id, ...values }, { actor })
  return { text, userId: row.id }
}

const basic = (text: string): string => `Basic ${Buffer.from(`git:${text}`).toString('base64')}`

describe('a token opens the door', () => {
  test.each([
    ['as Token', (text: string) => `Token ${text}`],
    ['as Bearer', (text: string) => `Bearer ${text}`],
    ['in any case', (text: string) => `tOkEn ${text}`],
    ['as the password of Basic, as git sends it', basic],
  ])('%s', async (_, headerOf) => {
    const answer = await api.call('GET', '/api/dcim/sites/', {
      token: null,
      headers: { authorization: headerOf(api.token) },
    })

    expect(answer.status).toBe(200)
  })
})

describe('without a good token there is a 401 that says nothing more', () => {
  test.each<[string, () => Promise<string | null>]>([
    ['none', async () => null],
    ['a text that is no token', async () => 'secret'],
    ['one with a wrong check', async () => `${api.token.slice(0, -1)}${api.token.endsWith('0') ? '1' : '0'}`],
    ['one that was never given out', async () => newTokenText()],
    ['one that has expired', async () => (await tokenOf({ expires: '2026-01-02T00:00:00Z' })).text],
    [
      'one of another network',
      async () => (await tokenOf({ allowed_ips: ['10.0.0.0/8', '2001:db8::/32'] })).text,
    ],
    [
      'one whose user is not active',
      async () => (await tokenOf({}, { is_superuser: true, is_active: false })).text,
    ],
  ])('%s', async (_, textOf) => {
    const answer = await api.call('GET', '/api/dcim/sites/', { token: await textOf() })

    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Token realm="netkeep"')
    expect(answer.body).toMatchObject({ code: 'unauthenticated', detail: 'A valid token is needed' })
  })
})

test('a token of the right network passes, also where its address is written as IPv6', async () => {
  const { text } = await tokenOf({ allowed_ips: ['192.0.2.0/24'] })

  const answer = await api.call('GET', '/api/dcim/sites/', { token: text, sourceIp: '::ffff:192.0.2.77' })

  expect(answer.status).toBe(200)
})

test('a user without permission gets a 403, in reading and in writing', async () => {
  const { text } = await tokenOf({}, {})

  const read = await api.call('GET', '/api/dcim/sites/', { token: text })
  const written = await api.call('POST', '/api/dcim/sites/', { token: text, body: { name: 'x', slug: 'x' } })

  expect(read.status).toBe(403)
  expect(read.body['detail']).toContain('dcim.view_site')
  expect(written.status).toBe(403)
  expect(written.body['detail']).toContain('dcim.add_site')
})

test('a token for reading does not write', async () => {
  const { text } = await tokenOf({ write_enabled: false })

  const read = await api.call('GET', '/api/dcim/sites/', { token: text })
  const written = await api.call('DELETE', '/api/dcim/sites/1/', { token: text })

  expect(read.status).toBe(200)
  expect(written.status).toBe(403)
})

test('what was revoked ends at once: the token, or its user', async () => {
  const first = await tokenOf({})
  const second = await tokenOf({})
  const list = await api.call<{ results: Shown[] }>('GET', `/api/users/tokens/?user_id=${first.userId}`)
  await api.call('DELETE', `/api/users/tokens/${list.body.results[0]?.id}/`)
  await updateRows(engine, user, [{ id: second.userId, values: { is_active: false } }], { actor })

  const answers = [first, second].map(({ text }) => api.call('GET', '/api/dcim/sites/', { token: text }))

  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 401])
})

test('a token made by the API is shown once, works, and is noted when it is used', async () => {
  const made = await api.call('POST', '/api/users/tokens/', { body: { description: 'for a script' } })
  const key = String(made.body['key'])

  const used = await api.call('GET', '/api/dcim/sites/', { token: key })
  const shown = await api.call('GET', `/api/users/tokens/${made.body.id}/`)

  expect(made.status).toBe(201)
  expect(key).toMatch(/^nkp_[0-9A-Za-z]{36}$/)
  expect(used.status).toBe(200)
  expect(shown.body).toMatchObject({
    start: key.slice(0, 8),
    description: 'for a script',
    last_used: expect.any(String),
  })
  expect(JSON.stringify(shown.body)).not.toContain(key)
  expect(Object.keys(shown.body)).not.toContain('hash')
})

test('a changed token is changed for whoever uses it', async () => {
  const made = await api.call('POST', '/api/users/tokens/', { body: {} })
  const key = String(made.body['key'])
  await api.call('PATCH', `/api/users/tokens/${made.body.id}/`, { body: { write_enabled: false } })

  const answer = await api.call('POST', '/api/dcim/sites/', { token: key, body: { name: 'n', slug: 'n' } })

  expect(answer.status).toBe(403)
})

test('an administrator is made once and made again a superuser', async () => {
  const parts = { table: api.served.table, now: () => new Date() }
  await createAdmin(parts, 'root')
  const [owner] = (await api.call<{ results: Shown[] }>('GET', '/api/users/users/?username=root')).body
    .results
  await api.call('PATCH', `/api/users/users/${owner?.id}/`, {
    body: { is_superuser: false, is_active: false },
  })

  const text = await createAdmin(parts, 'Root')

  const answer = await api.call<{ results: Shown[] }>('GET', '/api/users/users/?username__ie=root', {
    token: text,
  })
  expect(answer.body.results).toEqual([
    expect.objectContaining({ id: owner?.id, is_superuser: true, is_active: true }),
  ])
})

test('what is public answers without a token', async () => {
  const paths = ['/api/', '/api', '/api/status/', '/api/status', '/api/schema/', '/api/docs/?format=openapi']

  const answers = await Promise.all(paths.map((path) => api.call('GET', path, { token: null })))

  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200))
  expect(answers.map(({ headers }) => headers['api-version'])).toEqual(paths.map(() => '4.2'))
})
