import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Page = { count: number; results: Shown[] }

let api: TestApi
const ids: Record<string, number> = {}

const create = async (path: string, name: string, body: Json = {}): Promise<number> => {
  const slug = name.toLowerCase()
  const answer = await api.call('POST', `/api/${path}/`, { body: { name, slug, ...body } })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  ids[name] = answer.body.id
  return answer.body.id
}

const add = async (path: string, body: Json | Json[]): Promise<void> => {
  const answer = await api.call('POST', `/api/${path}/`, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
}

beforeAll(async () => {
  api = await startApi()
  await create('dcim/regions', 'Europe')
  await create('dcim/regions', 'Germany', { parent: ids['Europe'] })
  await create('dcim/regions', 'Asia')
  await create('dcim/sites', 'Berlin', { region: ids['Germany'] })
  await create('dcim/sites', 'Paris', { region: ids['Europe'] })
  await create('dcim/sites', 'Tokyo', { region: ids['Asia'] })
  await create('dcim/sites', 'Nowhere')
  await create('dcim/locations', 'Building', { site: ids['Berlin'] })
  await create('dcim/locations', 'Room', { site: ids['Berlin'], parent: ids['Building'] })
  await create('dcim/device-roles', 'Router')
  await create('dcim/device-roles', 'Switch')
  await create('dcim/manufacturers', 'Acme')
  await create('dcim/manufacturers', 'Other')
  await create('dcim/device-types', 'A1', { model: 'A1', manufacturer: ids['Acme'], name: undefined })
  await create('dcim/device-types', 'O1', { model: 'O1', manufacturer: ids['Other'], name: undefined })
  const device = (name: string, site: string, type: string, more: Json = {}): Json => ({
    name,
    site: ids[site],
    device_type: ids[type],
    role: ids['Router'],
    ...more,
  })
  await add('dcim/devices', [
    device('b1', 'Berlin', 'A1', { location: ids['Room'] }),
    device('b2', 'Berlin', 'O1', { location: ids['Building'], role: ids['Switch'] }),
    device('p1', 'Paris', 'A1'),
    device('t1', 'Tokyo', 'O1', { role: ids['Switch'] }),
    device('n1', 'Nowhere', 'A1'),
    // Names are unique in a site only.
    device('b1', 'Tokyo', 'A1'),
  ])
  await add('dcim/interfaces', [
    { device: { name: 'b2' }, name: 'eth0', mac_address: '00:1b:44:11:3a:b7' },
    { device: { name: 'p1' }, name: 'eth0', mac_address: '00:1b:44:11:3a:b8' },
    { device: { name: 'p1' }, name: 'eth1' },
  ])
})
afterAll(() => api.stop())

const names = async (path: string, query: string): Promise<string[]> => {
  const { status, body } = await api.call<Page>('GET', `/api/${path}/?${query}`)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.results.map(({ name }) => name)
}

describe('devices are found through what they refer to', () => {
  test.each([
    ['manufacturer=acme', ['b1', 'b1', 'n1', 'p1']],
    ['manufacturer__n=acme', ['b2', 't1']],
    ['manufacturer=acme&manufacturer=other&role=switch', ['b2', 't1']],
    ['region=asia', ['b1', 't1']],
    ['region=germany', ['b1', 'b2']],
    // What is in Germany is in Europe.
    ['region=europe', ['b1', 'b2', 'p1']],
    ['region__n=europe', ['b1', 'n1', 't1']],
    ['region=null', ['n1']],
    ['region_id__empty=true', ['n1']],
    ['region=europe&region=null', ['b1', 'b2', 'n1', 'p1']],
    ['location=building', ['b1', 'b2']],
    ['location=room', ['b1']],
    ['location__n=room', ['b1', 'b2', 'n1', 'p1', 't1']],
    ['device_role=switch', ['b2', 't1']],
    ['role__n=switch', ['b1', 'b1', 'n1', 'p1']],
    ['part_number__empty=true&region=asia', ['b1', 't1']],
    ['mac_address=001b.4411.3ab7', ['b2']],
    ['mac_address=00-1B-44-11-3A-B8', ['p1']],
    ['mac_address__isw=00:1b:44', ['b2', 'p1']],
    ['mac_address__n=001b44113ab7', ['b1', 'b1', 'n1', 'p1', 't1']],
  ])('?%s', async (query, expected) => {
    expect((await names('dcim/devices', query)).sort()).toEqual(expected)
  })

  test('by ids as by names', async () => {
    expect(await names('dcim/devices', `region_id=${ids['Europe']}&ordering=name`)).toEqual([
      'b1',
      'b2',
      'p1',
    ])
    expect(await names('dcim/devices', `manufacturer_id=${ids['Other']}&ordering=name`)).toEqual(['b2', 't1'])
    expect(await names('dcim/devices', 'region_id=1')).toEqual([])
  })
})

describe('other models', () => {
  test.each([
    ['dcim/interfaces', 'site=paris', ['eth0', 'eth1']],
    ['dcim/interfaces', 'device=p1&name=eth1', ['eth1']],
    ['dcim/interfaces', 'device_role=switch', ['eth0']],
    ['dcim/interfaces', 'manufacturer=acme', ['eth0', 'eth1']],
    ['dcim/interfaces', 'region=europe&mac_address__ic=113ab8', ['eth0']],
    ['dcim/sites', 'region=europe', ['Berlin', 'Paris']],
    ['dcim/regions', 'ancestor=europe', ['Germany']],
    ['dcim/regions', 'parent=null', ['Asia', 'Europe']],
    ['dcim/regions', 'site_count__gte=1&parent=null', ['Asia', 'Europe']],
    // As many as `site?region=` finds.
    ['dcim/regions', 'site_count=2', ['Europe']],
    ['dcim/regions', 'ordering=-site_count,name', ['Europe', 'Asia', 'Germany']],
    ['dcim/locations', 'device_count=2', ['Building']],
    ['dcim/sites', 'ordering=-device_count,name', ['Berlin', 'Tokyo', 'Nowhere', 'Paris']],
    ['dcim/manufacturers', 'ordering=devicetype_count,-name', ['Other', 'Acme']],
  ])('%s?%s', async (path, query, expected) => {
    expect(await names(path, query)).toEqual(expected)
  })

  test('counts below a tree follow a branch that is moved', async () => {
    const move = (parent: number | null | undefined) =>
      api.call('PATCH', `/api/dcim/regions/${ids['Germany']}/`, { body: { parent } })
    const europe = await api.call('GET', `/api/dcim/regions/${ids['Europe']}/`)

    await move(ids['Asia'])
    const moved = await names('dcim/regions', 'ordering=-site_count,name')
    await move(ids['Europe'])

    expect(europe.body).toMatchObject({ site_count: 2 })
    expect(moved).toEqual(['Asia', 'Europe', 'Germany'])
    expect(await names('dcim/regions', 'site_count=2')).toEqual(['Europe'])
  })

  test('a name that several have means all of them', async () => {
    const { body } = await api.call<Page>('GET', '/api/dcim/devices/?name=b1')
    const found = await names('dcim/interfaces', 'device=b1')

    expect(body.count).toBe(2)
    expect(found).toEqual([])
  })
})

describe('a value that does not exist is told', () => {
  test.each([
    ['dcim/devices', 'region=atlantis', 'no region with the slug'],
    ['dcim/devices', 'regoin=asia', '"region"'],
    ['dcim/devices', 'region__ic=asia', '__n, __empty'],
    ['dcim/devices', 'mac_address=zz', 'MAC address'],
    ['dcim/interfaces', 'device=nobody', 'no device with the name'],
    ['dcim/sites', 'device_count=many', 'integer'],
  ])('%s?%s', async (path, query, words) => {
    const { status, body } = await api.call('GET', `/api/${path}/?${query}`)

    expect(status).toBe(400)
    expect(body['detail']).toContain(words)
  })
})

test('a filter follows what it goes through at once', async () => {
  const before = await names('dcim/devices', 'region=asia&ordering=site')
  await api.call('PATCH', `/api/dcim/sites/${ids['Nowhere']}/`, { body: { region: ids['Asia'] } })
  const after = await names('dcim/devices', 'region=asia&ordering=site')

  expect(before).toEqual(['t1', 'b1'])
  expect(after).toEqual(['n1', 't1', 'b1'])
})
