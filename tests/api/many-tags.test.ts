import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type Shown, type TestApi } from '../support/api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const tagsNamed = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `${prefix} ${index}`, slug: `${prefix}-${index}` }))

test('a thousand tags are one page, without a count of what has each', async () => {
  const made = await api.call('POST', '/api/extras/tags/', { body: tagsNamed('many', 600) })

  const { status, body } = await api.call<{ count: number; results: Shown[] }>(
    'GET',
    '/api/extras/tags/?limit=0',
  )
  const few = await api.call<{ results: Shown[] }>('GET', '/api/extras/tags/?limit=5')

  expect([made.status, status, body.count]).toEqual([201, 200, 600])
  expect(body.results.every(({ tagged_items }) => tagged_items === null)).toBe(true)
  expect(few.body.results.map(({ tagged_items }) => tagged_items)).toEqual([0, 0, 0, 0, 0])
})

test('an object takes thirty-eight tags, and says so where it is given more', async () => {
  const { body: tags } = await api.call<Shown[]>('POST', '/api/extras/tags/', { body: tagsNamed('worn', 39) })
  const ids = tags.map(({ id }) => id)
  const attempt = (slug: string, given: number[]) =>
    api.call('POST', '/api/dcim/manufacturers/', { body: { name: slug, slug, tags: given } })

  const most = await attempt('most', ids.slice(0, 38))
  const more = await attempt('more', ids)

  expect(most.status).toBe(201)
  expect(more).toMatchObject({ status: 400, body: { tags: [expect.any(String)] } })
})
