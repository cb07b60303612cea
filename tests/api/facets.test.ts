import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Page = {
  count: number
  results: Shown[]
  facets?: Record<string, { value?: unknown; id?: number; display?: string; count: number }[]>
  facets_truncated?: string[]
}

let api: TestApi
const ids: Record<string, number> = {}

const create = async (path: string, name: string, body: Json = {}): Promise<void> => {
  const answer = await api.call('POST', `/api/${path}/`, {
    body: { name, slug: name.toLowerCase(), ...body },
  })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  ids[name] = answer.body.id
}

beforeAll(async () => {
  api = await startApi()
  await create('dcim/regions', 'Europe')
  await create('dcim/sites', 'Berlin', { region: ids['Europe'] })
  await create('dcim/sites', 'Rome')
  await create('dcim/device-roles', 'Router')
  await create('dcim/manufacturers', 'Acme')
  await create('extras/tags', 'core')
  await create('dcim/device-types', 'A1', { model: 'A1', manufacturer: ids['Acme'], name: undefined })
  const device = { device_type: ids['A1'], role: ids['Router'] }
  await api.call('POST', '/api/dcim/devices/', {
    body: [
      { ...device, name: 'b1', site: ids['Berlin'], tags: [ids['core']] },
      { ...device, name: 'b2', site: ids['Berlin'], status: 'planned', hypervisor: true },
      { ...device, name: 'b3', site: ids['Berlin'] },
      { ...device, name: 'r1', site: ids['Rome'] },
    ],
  })
})
afterAll(() => api.stop())

const list = async (query: string): Promise<Page> =>
  (await api.call<Page>('GET', `/api/dcim/devices/?${query}`)).body

describe('facets', () => {
  test('count the values of all that the filters match, not of the page', async () => {
    const { count, results, facets } = await list('facets=status,site,region,tag,hypervisor&limit=1')

    expect(count).toBe(4)
    expect(results).toHaveLength(1)
    expect(facets).toEqual({
      status: [
        { value: 'active', label: 'Active', count: 3 },
        { value: 'planned', label: 'Planned', count: 1 },
      ],
      site: [
        { id: ids['Berlin'], display: 'Berlin', count: 3 },
        { id: ids['Rome'], display: 'Rome', count: 1 },
      ],
      region: [
        { id: ids['Europe'], display: 'Europe', count: 3 },
        { id: null, display: null, count: 1 },
      ],
      tag: [{ id: ids['core'], display: 'core', count: 1 }],
      hypervisor: [
        { value: false, label: 'false', count: 3 },
        { value: true, label: 'true', count: 1 },
      ],
    })
  })

  test('follow the filters', async () => {
    const { facets } = await list('facets=site&status=planned')

    expect(facets).toEqual({ site: [{ id: ids['Berlin'], display: 'Berlin', count: 1 }] })
  })

  test('are there only when they are asked for', async () => {
    expect(Object.keys(await list(''))).toEqual(['count', 'next', 'previous', 'results'])
  })

  test('of many values tell the most frequent, and that there are more', async () => {
    const tags = Array.from({ length: 105 }, (_, index) => ({ name: `many ${index}`, slug: `many-${index}` }))
    const made = await api.call<Shown[]>('POST', '/api/extras/tags/', { body: tags })
    const groups = [made.body.slice(0, 35), made.body.slice(35, 70), made.body.slice(70)]
    for (const [index, name] of ['b1', 'b2', 'b3'].entries()) {
      const { results } = await list(`name=${name}`)
      const body = { tags: groups[index]?.map(({ id }) => id) }
      await api.call('PATCH', `/api/dcim/devices/${results[0]?.id}/`, { body })
    }

    const { facets, facets_truncated } = await list('facets=tag,site')

    expect(facets?.['tag']).toHaveLength(100)
    expect(facets_truncated).toEqual(['tag'])
  })

  test.each([
    ['facets=stauts', '"status"'],
    ['facets=name', 'There is no facet "name"'],
    ['facets=site_id', '"site"'],
  ])('?%s is refused', async (query, words) => {
    const { status, body } = await api.call('GET', `/api/dcim/devices/?${query}`)

    expect(status).toBe(400)
    expect(body['detail']).toContain(words)
  })
})

describe('counts', () => {
  test('are shown in lists and of a lone object, and are 0 of a new one', async () => {
    const made = await api.call('POST', '/api/dcim/sites/', { body: { name: 'Oslo', slug: 'oslo' } })
    const sites = await api.call<Page>('GET', '/api/dcim/sites/?ordering=name&fields=name,device_count')
    const one = await api.call('GET', `/api/dcim/sites/${ids['Berlin']}/`)

    expect(made.body).toMatchObject({ device_count: 0, rack_count: 0 })
    expect(sites.body.results).toEqual([
      { name: 'Berlin', device_count: 3 },
      { name: 'Oslo', device_count: 0 },
      { name: 'Rome', device_count: 1 },
    ])
    expect(one.body).toMatchObject({ device_count: 3, virtualmachine_count: 0 })
  })

  test('follow every write', async () => {
    const { results } = await list('name=r1')
    await api.call('PATCH', `/api/dcim/devices/${results[0]?.id}/`, { body: { site: ids['Berlin'] } })
    const moved = await api.call<Page>('GET', '/api/dcim/sites/?device_count__gte=1')
    await api.call('DELETE', `/api/dcim/devices/${results[0]?.id}/`)
    const gone = await api.call<Page>('GET', '/api/dcim/sites/?name=Berlin')

    expect(moved.body.results.map(({ name, device_count }) => [name, device_count])).toEqual([['Berlin', 4]])
    expect(gone.body.results[0]).toMatchObject({ device_count: 3 })
  })

  test('are not counted when they are not shown', async () => {
    const brief = await api.call<Page>('GET', '/api/dcim/sites/?brief=true&name=Berlin')
    const omitted = await api.call<Page>('GET', '/api/dcim/sites/?omit=device_count&name=Berlin')

    expect(brief.body.results[0]).not.toHaveProperty('device_count')
    expect(omitted.body.results[0]).not.toHaveProperty('device_count')
    expect(omitted.body.results[0]).toHaveProperty('rack_count')
  })
})
