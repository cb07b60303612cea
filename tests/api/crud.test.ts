import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

type Page = { count: number; next: string | null; previous: string | null; results: Json[] }
let counter = 0
const unique = (stem: string): string => `${stem}-${++counter}`
const newSite = async (values: Json = {}) => {
  const name = unique('site')
  return (await api.call('POST', '/api/dcim/sites/', { body: { name, slug: name, ...values } })).body
}

test('a created object has the shape of NetBox', async () => {
  const tag = (await api.call('POST', '/api/extras/tags/', { body: { name: 'Core', slug: 'core' } })).body

  const created = await api.call('POST', '/api/dcim/sites/', {
    body: { name: 'Berlin', slug: 'berlin', status: 'planned', tags: [{ slug: 'core' }] },
    headers: { 'content-type': 'application/json;' },
  })

  expect(created.status).toBe(201)
  const { id } = created.body
  expect(created.headers['etag']).toBe('"1"')
  expect(created.body).toEqual({
    id: expect.any(Number),
    url: `http://netkeep.test/api/dcim/sites/${id}/`,
    display: 'Berlin',
    name: 'Berlin',
    slug: 'berlin',
    code: null,
    status: { value: 'planned', label: 'Planned' },
    classification: null,
    region: null,
    facility: '',
    time_zone: null,
    description: '',
    physical_address: '',
    shipping_address: '',
    latitude: null,
    longitude: null,
    asns: [],
    contacts: [],
    comments: '',
    tags: [
      {
        id: tag['id'],
        url: `http://netkeep.test/api/extras/tags/${tag['id']}/`,
        display: 'Core',
        name: 'Core',
        slug: 'core',
        color: '9e9e9e',
      },
    ],
    device_count: 0,
    rack_count: 0,
    prefix_count: 0,
    vlan_count: 0,
    virtualmachine_count: 0,
    custom_fields: {},
    created: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    last_updated: expect.any(String),
    _version: 1,
  })
  expect((await api.call('GET', `/api/dcim/sites/${id}/`)).body).toEqual(created.body)
})

describe('bad input names the field and the nearest valid name', () => {
  test.each<[string, Json, Json]>([
    [
      'an unknown field',
      { name: 'a', slug: 'a', stauts: 'active' },
      { stauts: [expect.stringContaining('Did you mean "status"?')] },
    ],
    ['a missing field', { slug: 'a' }, { name: ['This field is required.'] }],
    ['null where none may be', { name: null, slug: 'a' }, { name: ['This field may not be null.'] }],
    ['a blank name', { name: '  ', slug: 'a' }, { name: ['This field may not be blank.'] }],
    [
      'a choice that is none',
      { name: 'a', slug: 'a', status: 'on' },
      { status: [expect.stringContaining('planned')] },
    ],
    ['a slug with spaces', { name: 'a', slug: 'a b' }, { slug: [expect.stringContaining('Letters')] }],
    [
      'a control character',
      { name: 'a\u0007', slug: 'a' },
      { name: ['Control characters are not allowed.'] },
    ],
    [
      'a tag that does not exist',
      { name: 'a', slug: 'a', tags: [123] },
      { tags: ['There is no tag with the id 123.'] },
    ],
    [
      'an attribute that does not exist',
      { name: 'a', slug: 'a', tags: [{ slgu: 'x' }] },
      { tags: [expect.stringContaining('"slug"')] },
    ],
    [
      'a member named __proto__',
      JSON.parse('{"name":"a","slug":"a","__proto__":{}}') as Json,
      { ['__proto__']: [expect.any(String)] },
    ],
  ])('%s', async (_, body, expected) => {
    const answer = await api.call('POST', '/api/dcim/sites/', { body })

    expect(answer.status).toBe(400)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    for (const [field, messages] of Object.entries(expected)) expect(answer.body[field]).toEqual(messages)
    expect(answer.body).toMatchObject({ code: 'validation_failed', title: expect.any(String) })
  })
})

test('a duplicate is a 400 at the field, without regard to case where names have none', async () => {
  const site = await newSite()

  const answer = await api.call('POST', '/api/dcim/sites/', {
    body: { name: site.name.toUpperCase(), slug: unique('other') },
  })

  expect(answer.status).toBe(400)
  expect(answer.body).toMatchObject({ code: 'duplicate', name: ['Site with this name already exists.'] })
})

test('a name that was given up can be taken, and in the old name nobody is found', async () => {
  const site = await newSite()
  const { id, name } = site
  await api.call('PATCH', `/api/dcim/sites/${id}/`, { body: { name: unique('renamed') } })

  const again = await api.call('POST', '/api/dcim/sites/', { body: { name, slug: unique('slug') } })

  expect(again.status).toBe(201)
})

describe('changing with a condition', () => {
  test('the current ETag lets a change through and is answered anew', async () => {
    const { id } = await newSite()

    const changed = await api.call('PATCH', `/api/dcim/sites/${id}/`, {
      body: { facility: 'F1' },
      headers: { 'if-match': '"1"' },
    })

    expect(changed.status).toBe(200)
    expect(changed.headers['etag']).toBe('"2"')
    expect(changed.body['facility']).toBe('F1')
  })

  test.each([
    ['an old ETag', { 'if-match': '"1"' }, {}],
    ['a weak ETag', { 'if-match': 'W/"2"' }, {}],
    ['an old _version in the body', {}, { _version: 1 }],
  ])('%s is a 412 with the current one, and nothing is changed', async (_, headers, extra) => {
    const { id } = await newSite()
    await api.call('PATCH', `/api/dcim/sites/${id}/`, { body: { facility: 'F1' } })

    const answer = await api.call('PATCH', `/api/dcim/sites/${id}/`, {
      body: { facility: 'F2', ...extra },
      headers,
    })

    expect(answer.status).toBe(412)
    expect(answer.headers['etag']).toBe('"2"')
    expect((await api.call('GET', `/api/dcim/sites/${id}/`)).body['facility']).toBe('F1')
  })

  test('a change that changes nothing makes no version', async () => {
    const site = await newSite()

    const answer = await api.call('PUT', `/api/dcim/sites/${site['id']}/`, { body: site })

    expect(answer.status).toBe(200)
    expect(answer.body['_version']).toBe(1)
  })
})

describe('many at once', () => {
  test('a list is created in its order', async () => {
    const names = [unique('bulk'), unique('bulk'), unique('bulk')]

    const answer = await api.call<Json[]>('POST', '/api/dcim/sites/', {
      body: names.map((name) => ({ name, slug: name })),
    })

    expect(answer.status).toBe(201)
    expect(answer.body.map(({ name }) => name)).toEqual(names)
  })

  test('every bad row is named and none is created', async () => {
    const name = unique('bulk')
    const rows = [{ name, slug: name }, { name: 'x' }, { name: unique('b'), slug: name }]
    const refused = await api.call<{ errors: Json[] }>('POST', '/api/dcim/sites/', {
      body: [rows[0], rows[1]],
    })
    const doubled = await api.call<{ errors: Json[] }>('POST', '/api/dcim/sites/', {
      body: [rows[0], rows[2]],
    })

    expect(refused.status).toBe(400)
    expect(refused.body.errors).toEqual([{ index: 1, errors: { slug: ['This field is required.'] } }])
    expect(doubled.body.errors).toEqual([
      { index: 1, errors: { slug: ['Site with this slug already exists.'] } },
    ])
    expect((await api.call<Page>('GET', `/api/dcim/sites/?name=${name}`)).body.count).toBe(0)
  })

  test('a bulk change with one stale row changes none, and two rows may swap their names', async () => {
    const [a, b] = [await newSite(), await newSite()]
    const stale = await api.call<{ errors: Json[] }>('PATCH', '/api/dcim/sites/', {
      body: [
        { id: a['id'], facility: 'F', _version: 1 },
        { id: b['id'], facility: 'F', _version: 7 },
      ],
    })
    const swapped = await api.call<Json[]>('PATCH', '/api/dcim/sites/', {
      body: [
        { id: a['id'], name: b['name'] },
        { id: b['id'], name: a['name'] },
      ],
    })

    expect(stale.status).toBe(412)
    expect(stale.body.errors).toEqual([
      { id: b['id'], errors: { _version: [expect.stringContaining('current version is 1')] } },
    ])
    expect(swapped.body.map(({ name }) => name)).toEqual([b['name'], a['name']])
  })

  test('a list of ids is deleted, as pynetbox sends it', async () => {
    const [a, b] = [await newSite(), await newSite()]

    const answer = await api.call('DELETE', '/api/dcim/sites/', {
      body: [{ id: a['id'] }, { id: String(b['id']) }],
    })

    expect(answer.status).toBe(204)
    expect((await api.call('GET', `/api/dcim/sites/${a['id']}/`)).status).toBe(404)
    expect((await api.call('GET', `/api/dcim/sites/${b['id']}/`)).status).toBe(404)
  })
})

test('OPTIONS lists choices where pynetbox looks for them', async () => {
  const { body } = await api.call<{ actions: { POST: Record<string, Json> } }>(
    'OPTIONS',
    '/api/dcim/devices/',
  )

  expect(body.actions.POST['status']?.['choices']).toContainEqual({ value: 'active', display_name: 'Active' })
  expect(body.actions.POST['site']).toMatchObject({ required: true })
})
