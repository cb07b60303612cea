import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Page = { count: number; results: Shown[] }
type Problem = Record<string, string[]> & { detail: string; code: string }

let api: TestApi
const ids: Record<string, number> = {}

async function create(path: string, body: Json): Promise<number> {
  const answer = await api.call('POST', `/api/${path}/`, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body.id
}

const save = async (slug: string, parameters: Json, more: Json = {}): Promise<number> =>
  create('extras/saved-filters', { name: slug, slug, object_types: ['dcim.site'], parameters, ...more })

beforeAll(async () => {
  api = await startApi()
  ids['tag'] = await create('extras/tags', { name: 'core', slug: 'core' })
  const values: [string, Json][] = [
    ['Berlin', { status: 'active', tags: [ids['tag']] }],
    ['Bern', { status: 'planned' }],
    ['Paris', { status: 'active' }],
  ]
  for (const [name, more] of values) await create('dcim/sites', { name, slug: name.toLowerCase(), ...more })
  ids['live'] = await save('live', { status: ['active', 'retired'] })
  await save('ber', { q: 'ber' })
  await save('core', { tag: 'core' })
  await save('off', { name: 'x' }, { enabled: false })
  await create('extras/saved-filters', {
    name: 'devices',
    slug: 'devices',
    object_types: ['dcim.device'],
    parameters: { name: 'x' },
  })
})
afterAll(() => api.stop())

describe('on a list', () => {
  test.each([
    ['filter=live', 'Berlin Paris'],
    ['filter_id=LIVE', 'Berlin Paris'],
    ['filter=live&filter=ber', 'Berlin'],
    ['filter=live&status=planned', ''],
    ['filter=live&name__ic=r&ordering=-name', 'Paris Berlin'],
    ['filter=core&brief=true', 'Berlin'],
  ])('%s', async (query, expected) => {
    const { body } = await api.call<Page>(
      'GET',
      `/api/dcim/sites/?${query.replace('LIVE', String(ids['live']))}`,
    )

    expect(body.results.map(({ name }) => name).join(' ')).toBe(expected)
  })

  test.each([
    ['filter=liev', 'There is no saved filter for sites "liev". Did you mean "live"?'],
    ['filter=off', 'The saved filter "off" is switched off.'],
    ['filter=devices', 'There is no saved filter for sites "devices".'],
  ])('%s is refused', async (query, detail) => {
    const { status, body } = await api.call<Problem>('GET', `/api/dcim/sites/?${query}`)

    expect([status, body.detail]).toEqual([400, detail])
  })

  test('what it names may go: then it is refused, and not a list of everything', async () => {
    const tag = await create('extras/tags', { name: 'brief', slug: 'brief' })
    await save('lost', { tag: 'brief' })
    await api.call('DELETE', `/api/extras/tags/${tag}/`)

    const { status, body } = await api.call<Problem>('GET', '/api/dcim/sites/?filter=lost')

    expect([status, body.detail]).toEqual([
      400,
      expect.stringContaining('there is no tag with the slug "brief"'),
    ])
  })

  test('says which rows a change is for', async () => {
    const { status, body } = await api.call<Shown[]>('PATCH', '/api/dcim/sites/?filter=core&expect_count=1', {
      body: { description: 'chosen' },
    })

    expect([status, body.map(({ name }) => name)]).toEqual([200, ['Berlin']])
  })
})

describe('is refused', () => {
  test.each<[Json, string, string]>([
    [{ name: ['x', 'y'] }, 'parameters', 'a member "name" for a name: it must be a text'],
    [{ stauts: 'active' }, 'parameters', 'stauts: There is no filter "stauts". Did you mean "status"?'],
    [{ status: ['activ'] }, 'parameters', 'status: "activ" is not a choice'],
    [{ name__gt: 'x' }, 'parameters', 'has no lookup "__gt"'],
    [{ tag: 'none' }, 'parameters', 'there is no tag'],
    [{ limit: 5 }, 'parameters', 'There is no filter "limit"'],
    [{}, 'parameters', 'At least one parameter is expected.'],
  ])('with the parameters %j', async (parameters, member, message) => {
    const { status, body } = await api.call<Problem>('POST', '/api/extras/saved-filters/', {
      body: { name: 'x', slug: 'x', object_types: ['dcim.site'], parameters },
    })

    expect([status, body[member]?.[0]]).toEqual([400, expect.stringContaining(message)])
  })

  test('where one of its models does not know a parameter', async () => {
    const { status, body } = await api.call<Problem>('POST', '/api/extras/saved-filters/', {
      body: {
        name: 'x',
        slug: 'x',
        object_types: ['dcim.site', 'dcim.device'],
        parameters: { facility: 'x' },
      },
    })

    expect([status, body['parameters']?.length]).toEqual([400, 1])
  })
})
