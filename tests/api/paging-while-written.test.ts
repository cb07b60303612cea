import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Page = { count: number; next: string | null; previous: string | null; results: Shown[] }

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const steadyCount = 24
const url = '/api/extras/tags/'

const make = async (bodies: readonly Json[]): Promise<Shown[]> => {
  const answer = await api.call<Shown[]>('POST', url, { body: bodies })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body
}

let drawn = 0
/** Sorted among the rows that stay, before, between and after them. */
const passing = (): Json => {
  drawn += 1
  return { name: `row ${(drawn * 37) % 100} passing ${drawn}`, slug: `passing-${drawn}` }
}

async function readAll(query: string, between: () => Promise<void>): Promise<string[]> {
  const seen: string[] = []
  let next: string | null = `${url}?${query}`
  while (next !== null) {
    const { body, status }: { body: Page; status: number } = await api.call<Page>('GET', next)
    if (status !== 200) throw new Error(JSON.stringify(body))
    seen.push(...body.results.map(({ name }) => name))
    await between()
    next = body.next
  }
  return seen
}

describe('following next while others write', () => {
  const steady = Array.from({ length: steadyCount }, (_, at) => `row ${at} steady`)
  let passers: Shown[] = []

  beforeAll(async () => {
    await make(
      steady.map((name, at) => ({ name, slug: `steady-${at}`, color: at % 2 ? 'aaaaaa' : 'bbbbbb' })),
    )
  })

  /** Some rows come, some go, between any two pages. */
  const churn = async (): Promise<void> => {
    const gone = passers.splice(0, 4)
    if (gone.length > 0) await api.call('DELETE', url, { body: gone.map(({ id }) => ({ id })) })
    passers.push(...(await make([passing(), passing(), passing(), passing(), passing()])))
  }

  test.each([
    'limit=7',
    'limit=5&ordering=-name',
    'limit=4&ordering=color,-id',
    'limit=9&ordering=-last_updated',
    'limit=6&q=row',
  ])('%s: what is there all the time is seen exactly once', async (query) => {
    passers = await make([passing(), passing(), passing()])

    const seen = await readAll(query, churn)

    const stayed = seen.filter((name) => name.endsWith('steady'))
    expect([...stayed].sort()).toEqual([...steady].sort())
    expect(new Set(seen).size).toBe(seen.length)
    await api.call('DELETE', url, { body: passers.map(({ id }) => ({ id })) })
    passers = []
  })

  test('a place that no page has given is refused', async () => {
    const first = await api.call<Page>('GET', `${url}?limit=2`)
    const after = new URL(first.body.next ?? '').searchParams.get('after') ?? ''

    const answers = await Promise.all(
      [`after=x`, `after=${after}&ordering=name,slug`, `after=${after}&after=${after}`].map((query) =>
        api.call('GET', `${url}?limit=2&${query}`),
      ),
    )

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
    expect(answers[0]?.body).toHaveProperty('after')
  })
})
