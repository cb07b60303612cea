import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

const password = 'correct horse battery'

describe('a token for a password', () => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi()
    await api.call('POST', '/api/users/users/', {
      body: { username: 'Alice', password, is_superuser: true },
    })
  })
  afterAll(() => api.stop())

  const provision = (body: Json) =>
    api.call<Json & { key: string }>('POST', '/api/users/tokens/provision/', { body, token: null })

  test('is given once, works, and may be for reading only', async () => {
    const made = await provision({ username: 'alice', password, write_enabled: false, description: 'script' })
    const read = await api.call('GET', '/api/dcim/sites/', { token: made.body.key })
    const written = await api.call('POST', '/api/dcim/sites/', { token: made.body.key, body: {} })

    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ user: { username: 'Alice' }, write_enabled: false })
    expect([read.status, written.status]).toEqual([200, 403])
  })

  test('is refused in the same words, whichever part is wrong', async () => {
    await api.call('POST', '/api/users/users/', { body: { username: 'bare' } })
    await api.call('POST', '/api/users/users/', { body: { username: 'gone', password, is_active: false } })

    const answers = await Promise.all([
      provision({ username: 'alice', password: 'wrong' }),
      provision({ username: 'nobody', password }),
      provision({ username: 'bare', password }),
      provision({ username: 'gone', password }),
    ])

    for (const { status, body } of answers)
      expect([status, body['detail']]).toEqual([401, 'The username or the password is not right.'])
  })

  test.each([
    ['a member that does not exist', { username: 'alice', password, user: 1 }, 'user'],
    ['no password', { username: 'alice' }, 'password'],
  ])('%s is told', async (_, body, field) => {
    const { status, body: problem } = await provision(body)

    expect(status).toBe(400)
    expect(JSON.stringify(problem)).toContain(field)
    expect(JSON.stringify(problem)).not.toContain(password)
  })

  test('a password is never shown, in no answer and no change record', async () => {
    const [found] = (await api.call<{ results: Shown[] }>('GET', '/api/users/users/?username=Alice')).body
      .results
    const changes = await api.call('GET', `/api/core/object-changes/?changed_object_id=${found?.id}`)

    expect(found).toMatchObject({ has_password: true })
    expect(found).not.toHaveProperty('password')
    expect(JSON.stringify([found, changes.body])).not.toMatch(/scrypt|correct horse/)
  })

  test('a short one is refused, and a changed one replaces the old', async () => {
    const made = await api.call('POST', '/api/users/users/', { body: { username: 'bob', password } })
    const short = await api.call<Json>('PATCH', made.body.url, { body: { password: 'short' } })
    await api.call('PATCH', made.body.url, { body: { password: 'another good one' } })

    const before = await provision({ username: 'bob', password })
    const after = await provision({ username: 'bob', password: 'another good one' })

    expect([short.status, short.body['password']]).toEqual([400, ['At least 12 characters are expected.']])
    expect([before.status, after.status]).toEqual([401, 201])
  })
})
