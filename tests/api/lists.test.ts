import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Page = { count: number; next: string | null; previous: string | null; results: Shown[] }

let api: TestApi
const ids: Record<string, number> = {}

const create = async (path: string, body: Json): Promise<number> => {
  const answer = await api.call('POST', `/api/${path}/`, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body.id
}

beforeAll(async () => {
  api = await startApi()
  for (const name of ['core', 'edge']) ids[name] = await create('extras/tags', { name, slug: name })
  for (const name of ['Berlin', 'Paris'])
    ids[name] = await create('dcim/sites', { name, slug: name.toLowerCase() })
  const role = await create('dcim/device-roles', { name: 'Router', slug: 'router' })
  const manufacturer = await create('dcim/manufacturers', { name: 'Acme', slug: 'acme' })
  const type = await create('dcim/device-types', { manufacturer, model: 'R1', slug: 'r1' })
  const device = { device_type: type, device_role: role }
  await api.call('POST', '/api/dcim/devices/', {
    body: [
      {
        ...device,
        name: 'sw2',
        site: ids['Berlin'],
        tags: [ids['core']],
        management_port: 2022,
        serial: 'ABC',
      },
      {
        ...device,
        name: 'sw10',
        site: { name: 'Berlin' },
        tags: [{ slug: 'core' }, { slug: 'edge' }],
        asset_tag: 'A1',
      },
      { ...device, name: 'SW1', site: ids['Paris'], status: 'planned', management_address: '10.0.0.1' },
      {
        ...device,
        name: 'rt1',
        site: ids['Paris'],
        status: { value: 'offline', label: 'Offline' },
        comments: 'the old one',
      },
    ],
  })
})
afterAll(() => api.stop())

const names = async (query: string): Promise<string[]> => {
  const { status, body } = await api.call<Page>('GET', `/api/dcim/devices/?${query}`)
  if (status !== 200) throw new Error(JSON.stringify(body))
  expect(body.count).toBe(body.results.length)
  return body.results.map(({ name }) => name)
}

describe('filters', () => {
  test.each([
    ['', ['rt1', 'SW1', 'sw2', 'sw10']],
    ['name=sw2&name=rt1', ['rt1', 'sw2']],
    ['name=SW2', []],
    ['name__ie=SW2', ['sw2']],
    ['name__n=sw2&name__n=rt1', ['SW1', 'sw10']],
    ['name__ic=w1', ['SW1', 'sw10']],
    ['name__nic=w1', ['rt1', 'sw2']],
    ['name__isw=sw', ['SW1', 'sw2', 'sw10']],
    ['name__nisw=sw', ['rt1']],
    ['name__iew=1', ['rt1', 'SW1']],
    ['name__niew=1', ['sw2', 'sw10']],
    ['name__nie=RT1', ['SW1', 'sw2', 'sw10']],
    ['name__regex=^sw\\d%2B$', ['sw2', 'sw10']],
    ['serial__empty=true', ['rt1', 'SW1', 'sw10']],
    ['asset_tag__empty=false', ['sw10']],
    ['site=berlin', ['sw2', 'sw10']],
    ['site=berlin&site=paris', ['rt1', 'SW1', 'sw2', 'sw10']],
    ['site__n=berlin', ['rt1', 'SW1']],
    ['platform_id=null', ['rt1', 'SW1', 'sw2', 'sw10']],
    ['platform_id__empty=false', []],
    ['status=planned&status=offline', ['rt1', 'SW1']],
    ['status__n=active', ['rt1', 'SW1']],
    ['tag=core', ['sw2', 'sw10']],
    ['tag=core&tag=edge', ['sw10']],
    ['tag__n=edge', ['rt1', 'SW1', 'sw2']],
    ['management_port__gt=22', ['sw2']],
    ['management_port__lte=22', ['rt1', 'SW1', 'sw10']],
    ['created__gte=2026-01-01', ['rt1', 'SW1', 'sw2', 'sw10']],
    ['last_updated__lt=2026-01-01T00:00:00Z', []],
    ['q=old one', ['rt1']],
    ['q=10.0.0', ['SW1']],
    ['ordering=-name', ['sw10', 'sw2', 'SW1', 'rt1']],
    ['ordering=site,-name', ['sw10', 'sw2', 'SW1', 'rt1']],
    ['ordering=-id', ['rt1', 'SW1', 'sw10', 'sw2']],
    ['ordering=-management_port&ordering=name&limit=0', ['sw2', 'rt1', 'SW1', 'sw10']],
  ])('?%s', async (query, expected) => {
    expect(await names(query)).toEqual(expected)
  })
})

describe('a query that means nothing is refused and names the nearest', () => {
  test.each([
    ['nmae=x', 'unknown_parameter', '"name"'],
    ['site_slug=berlin', 'unknown_parameter', 'There is no filter "site_slug"'],
    ['name__contains=x', 'unknown_parameter', '__ic'],
    ['password=x', 'unknown_parameter', 'There is no filter'],
    ['ordering=naem', 'validation_failed', '"name"'],
    ['fields=naem', 'validation_failed', '"name"'],
    ['omit=tagz', 'validation_failed', '"tags"'],
    ['status=activ', 'validation_failed', '"active"'],
    ['site=nowhere', 'validation_failed', 'no site with the slug'],
    ['management_port=ssh', 'validation_failed', 'integer'],
    ['created__gt=yesterday', 'validation_failed', 'time'],
    ['name__empty=perhaps', 'validation_failed', 'true or false'],
    ['name__regex=(a%2B)%2B$', 'validation_failed', 'repeated group'],
    ['name__regex=(', 'validation_failed', 'regular expression'],
    ['limit=-1', 'validation_failed', 'whole number'],
    ['limit=1&limit=2', 'validation_failed', 'once'],
  ])('?%s', async (query, code, words) => {
    const { status, body } = await api.call('GET', `/api/dcim/devices/?${query}`)

    expect(status).toBe(400)
    expect(body['code']).toBe(code)
    expect(body['detail']).toContain(words)
  })
})

describe('pages', () => {
  test('lead to each other with the same filters, and every row is on one of them', async () => {
    const seen: string[] = []
    let url: string | null = '/api/dcim/devices/?site=berlin&site=paris&limit=3'
    const first = await api.call<Page>('GET', url)
    while (url !== null) {
      const { body }: { body: Page } = await api.call<Page>('GET', url)
      seen.push(...body.results.map(({ name }) => name))
      url = body.next
    }

    expect(first.body.next).toEqual(
      expect.stringMatching(
        /^http:\/\/netkeep\.test\/api\/dcim\/devices\/\?site=berlin&site=paris&limit=3&offset=3&after=[\w-]+$/,
      ),
    )
    expect(first.body.previous).toBeNull()
    expect(seen).toEqual(['rt1', 'SW1', 'sw2', 'sw10'])
  })

  test('one past the end is empty and not an error', async () => {
    const { status, body } = await api.call<Page>('GET', '/api/dcim/devices/?limit=2&offset=4')

    expect(status).toBe(200)
    expect(body).toMatchObject({ count: 4, results: [], next: null })
    expect(body.previous).toBe('http://netkeep.test/api/dcim/devices/?limit=2&offset=2')
  })

  test('stay below the prefix that was asked for', async () => {
    const { body } = await api.call<Page>('GET', '/api/plugins/dcim/devices/?limit=1')

    expect(body.next).toContain('http://netkeep.test/api/plugins/dcim/devices/?limit=1&offset=1&after=')
    expect(body.results[0]?.url).toMatch(/^http:\/\/netkeep\.test\/api\/plugins\/dcim\/devices\/\d+\/$/)
    expect(body.results[0]?.['site']).toMatchObject({
      url: expect.stringContaining('/api/plugins/dcim/sites/'),
    })
  })
})

describe('what is shown', () => {
  test.each([
    ['brief=true', ['id', 'url', 'display', 'name', 'description']],
    ['fields=id,name,site', ['id', 'name', 'site']],
  ])('?%s', async (query, members) => {
    const { body } = await api.call<Page>('GET', `/api/dcim/devices/?${query}`)

    expect(Object.keys(body.results[0] ?? {})).toEqual(members)
  })

  test('omit leaves members out, of a lone object too', async () => {
    const list = await api.call<Page>('GET', '/api/dcim/devices/?omit=comments,tags')
    const one = await api.call('GET', `/api/dcim/devices/${list.body.results[0]?.id}/?omit=comments,tags`)

    expect(one.body).toEqual(list.body.results[0])
    expect(Object.keys(one.body)).not.toContain('tags')
    expect(Object.keys(one.body)).toContain('role')
  })

  test('references are nested with what clients use', async () => {
    const { body } = await api.call<Page>('GET', '/api/dcim/devices/?name=sw10')

    expect(body.results[0]).toMatchObject({
      site: { id: ids['Berlin'], display: 'Berlin', name: 'Berlin', slug: 'berlin', url: expect.any(String) },
      device_type: { display: 'R1', model: 'R1', slug: 'r1' },
      status: { value: 'active', label: 'Active' },
      tags: [{ slug: 'core' }, { slug: 'edge' }],
    })
  })
})

test('a list shows at once what was just written, and what it refers to under its new name', async () => {
  const id = await create('dcim/sites', { name: 'Rome', slug: 'rome' })
  await api.call('PATCH', `/api/dcim/sites/${id}/`, { body: { name: 'Roma' } })
  const renamed = await api.call<Page>('GET', '/api/dcim/sites/?slug=rome')
  await api.call('DELETE', `/api/dcim/sites/${id}/`)
  const gone = await api.call<Page>('GET', '/api/dcim/sites/?slug=rome')

  expect(renamed.body.results.map(({ name }) => name)).toEqual(['Roma'])
  expect(gone.body.count).toBe(0)
})
