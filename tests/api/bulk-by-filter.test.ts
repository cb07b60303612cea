import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Page = { count: number; results: Shown[] }

let api: TestApi
const path = '/api/extras/tags/'

beforeAll(async () => {
  api = await startApi()
  const tags = Array.from({ length: 12 }, (_, index) => ({
    name: `tag ${index}`,
    slug: `${index < 8 ? 'old' : 'new'}-${index}`,
    color: 'aa0000',
  }))
  await api.call('POST', path, { body: tags })
})
afterAll(() => api.stop())

const count = async (query: string): Promise<number> =>
  (await api.call<Page>('GET', `${path}?${query}`)).body.count

describe('a change by filters', () => {
  test('changes every object they match when the count is the expected one', async () => {
    const before = await count('slug__isw=old&color=00bb00')

    const answer = await api.call<Shown[]>('PATCH', `${path}?slug__isw=old&expect_count=8`, {
      body: { color: '00bb00' },
    })

    expect(before).toBe(0)
    expect(answer.status).toBe(200)
    expect(answer.body).toHaveLength(8)
    expect(await count('color=00bb00')).toBe(8)
    expect(await count('color=aa0000')).toBe(4)
  })

  test('deletes what they match', async () => {
    const answer = await api.call('DELETE', `${path}?slug=new-10&slug=new-11&expect_count=2`)

    expect(answer.status).toBe(204)
    expect(await count('')).toBe(10)
  })

  test.each(['PATCH', 'DELETE'])(
    '%s with another count changes nothing and tells the real one',
    async (method) => {
      const body = method === 'PATCH' ? { body: { color: '111111' } } : {}

      const answer = await api.call(method, `${path}?slug__isw=old&expect_count=7`, body)

      expect(answer.status).toBe(409)
      expect(answer.body).toMatchObject({ code: 'count_mismatch', count: 8 })
      expect(await count('slug__isw=old')).toBe(8)
      expect(await count('color=111111')).toBe(0)
    },
  )

  test.each<[string, string, Json | undefined, string]>([
    ['PATCH', 'slug__isw=old', { color: '111111' }, 'expect_count'],
    ['DELETE', 'slug__isw=old', undefined, 'expect_count'],
    ['DELETE', 'expect_count=10', undefined, 'At least one filter'],
    ['DELETE', 'slug__isw=old&expect_count=many', undefined, 'whole number'],
    ['DELETE', 'sulg=old&expect_count=8', undefined, '"slug"'],
    ['DELETE', 'slug__isw=old&limit=3&expect_count=8', undefined, '"limit"'],
    ['PATCH', 'slug__isw=old&expect_count=8', { colour: '111111' }, '"color"'],
    ['PATCH', 'slug__isw=old&expect_count=8', { id: 1, color: '111111' }, 'which objects'],
    ['PUT', 'slug__isw=old&expect_count=8', { color: '111111' }, 'parameter'],
  ])('%s ?%s is refused', async (method, query, body, words) => {
    const answer = await api.call(method, `${path}?${query}`, body === undefined ? {} : { body })

    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body).replaceAll('\\"', '"')).toContain(words)
    expect(await count('')).toBe(10)
  })

  test('does not take filters and ids at once', async () => {
    const answer = await api.call('DELETE', `${path}?slug__isw=old&expect_count=8`, { body: [{ id: 1 }] })

    expect(answer.status).toBe(400)
    expect(await count('slug__isw=old')).toBe(8)
  })
})

test('of two changes by the same filters, each row is changed by a version that is known', async () => {
  const changes = ['abcdef', 'fedcba'].map((color) =>
    api.call('PATCH', `${path}?slug__isw=old&expect_count=8`, { body: { color } }),
  )

  const statuses = (await Promise.all(changes)).map(({ status }) => status)

  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0)
  expect(statuses.every((status) => [200, 409, 412].includes(status))).toBe(true)
  expect(await count('color=abcdef')).toSatisfy((found) => found === 0 || found === 8)
})
