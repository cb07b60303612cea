import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type TestApi } from '../support/api.ts'

type Found = { id: number; url: string; display: string; match: string }
type Group = { type: string; label: string; count: number; objects: Found[] }
type Answer = { q: string; count: number; groups: Group[] }

let api: TestApi
const ids: Record<string, number> = {}

const create = async (path: string, body: Json): Promise<number> => {
  const answer = await api.call('POST', `/api/${path}/`, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body.id
}

beforeAll(async () => {
  api = await startApi()
  ids['site'] = await create('dcim/sites', { name: 'Core Berlin', slug: 'core-berlin' })
  const role = await create('dcim/device-roles', { name: 'Router', slug: 'router' })
  const manufacturer = await create('dcim/manufacturers', { name: 'Acme', slug: 'acme' })
  const type = await create('dcim/device-types', { manufacturer, model: 'R1', slug: 'r1' })
  const device = { device_type: type, role, site: ids['site'] }
  for (const [name, more] of Object.entries({
    core: { serial: 'SN-4711', asset_tag: 'AT/99' },
    'core-2': {},
    'old core': { comments: 'to be replaced' },
    edge: {},
  })) {
    ids[name] = await create('dcim/devices', { ...device, name, ...more })
  }
  ids['port'] = await create('dcim/interfaces', {
    device: ids['edge'],
    name: 'eth0',
    mac_address: '00:1b:44:11:3a:b7',
  })
  for (const prefix of ['10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16', '0.0.0.0/0', '2001:db8::/32']) {
    await create('ipam/prefixes', { prefix })
  }
  const interfaceOf = { assigned_object_type: 'dcim.interface', assigned_object_id: ids['port'] }
  await create('ipam/ip-addresses', { address: '10.1.0.1/24', ...interfaceOf, dns_name: 'edge.example' })
  await create('ipam/ip-addresses', { address: '10.1.0.10/24' })
  await create('ipam/ip-addresses', { address: '2001:db8::1/64' })
  await create('ipam/ip-ranges', { start_address: '10.1.0.5/16', end_address: '10.1.0.20/16' })
  await create('ipam/vlans', { vid: 301, name: 'Voice' })
})
afterAll(() => api.stop())

const search = async (q: string, more = ''): Promise<Answer> => {
  const { status, body } = await api.call<Answer>('GET', `/api/search/?q=${encodeURIComponent(q)}${more}`)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body
}
/** `type display match` of everything found, in order. */
const found = async (q: string, more = ''): Promise<string[]> =>
  (await search(q, more)).groups.flatMap(({ type, objects }) =>
    objects.map(({ display, match }) => `${type} ${display} ${match}`),
  )

describe('what is asked for is found', () => {
  test.each<[string, string[]]>([
    [
      'core',
      [
        'dcim.device core exact',
        'dcim.device core-2 prefix',
        'dcim.device old core contains',
        'dcim.site Core Berlin prefix',
      ],
    ],
    ['CORE berlin', ['dcim.site Core Berlin exact']],
    ['berlin core', ['dcim.site Core Berlin contains']],
    ['sn-4711', ['dcim.device core exact']],
    ['AT/9', ['dcim.device core prefix']],
    ['replaced', ['dcim.device old core contains']],
    ['001b.4411.3ab7', ['dcim.interface eth0 exact']],
    ['00-1B-44', ['dcim.interface eth0 prefix']],
    ['4411:3a', ['dcim.interface eth0 contains']],
    ['edge.example', ['ipam.ipaddress 10.1.0.1/24 exact']],
    ['301', ['ipam.vlan Voice (301) exact']],
    ['voice', ['ipam.vlan Voice (301) exact']],
    ['nothing of the kind', []],
  ])('%s', async (q, expected) => {
    expect(await found(q)).toEqual(expected)
  })

  test('an address with what holds it, the narrowest first', async () => {
    expect(await found('10.1.0.1')).toEqual([
      'ipam.ipaddress 10.1.0.1/24 exact',
      'ipam.ipaddress 10.1.0.10/24 prefix',
      'ipam.prefix 10.1.0.0/16 holds',
      'ipam.prefix 10.0.0.0/8 holds',
      'ipam.prefix 0.0.0.0/0 holds',
    ])
    expect(await found('10.1.0.7', '&types=ipam.iprange')).toEqual([
      'ipam.iprange 10.1.0.5-10.1.0.20/16 holds',
    ])
  })

  test('an address in another notation, and a network', async () => {
    expect(await found('2001:DB8:0:0::1')).toEqual([
      'ipam.ipaddress 2001:db8::1/64 exact',
      'ipam.prefix 2001:db8::/32 holds',
    ])
    expect(await found('10.1.0.0/16', '&types=ipam.prefix')).toEqual([
      'ipam.prefix 10.1.0.0/16 exact',
      'ipam.prefix 10.0.0.0/8 holds',
      'ipam.prefix 0.0.0.0/0 holds',
    ])
  })
})

describe('the answer', () => {
  test('counts what it does not name, and limits itself', async () => {
    const { count, groups } = await search('core', '&limit=1')

    expect(count).toBe(4)
    expect(groups.map(({ type, count: inGroup, objects }) => [type, inGroup, objects.length])).toEqual([
      ['dcim.device', 3, 1],
      ['dcim.site', 1, 1],
    ])
    expect(groups[0]?.objects[0]?.url).toBe(`http://netkeep.test/api/dcim/devices/${ids['core']}/`)
  })

  test('has what was just written, and no more what was just removed', async () => {
    const id = await create('dcim/sites', { name: 'Brand new', slug: 'brand-new' })
    const written = await found('brand new')
    await api.call('DELETE', `/api/dcim/sites/${id}/`)

    expect(written).toEqual(['dcim.site Brand new exact'])
    expect(await found('brand new')).toEqual([])
  })

  test('comes without the slash too, and of the types that are asked for', async () => {
    const bare = await api.call<Answer>('GET', '/api/search?q=core')

    expect(bare.status).toBe(200)
    expect(bare.body.count).toBe(4)
    expect(await found('core', '&types=dcim.site,dcim.region')).toEqual(['dcim.site Core Berlin prefix'])
    expect(await found('admin', '&types=users.user')).toEqual(['users.user admin exact'])
    expect(await found('admin')).toEqual([])
  })
})

test.each([
  ['', 400, 'q'],
  ['q=x', 400, '2 characters'],
  ['q=core&types=dcim.sites', 400, '"dcim.site"'],
  ['q=core&limit=0', 400, '1 to 100'],
  ['q=core&kind=site', 400, 'no parameter'],
])('?%s is refused', async (query, status, words) => {
  const answer = await api.call('GET', `/api/search/?${query}`)

  expect(answer.status).toBe(status)
  expect(JSON.stringify(answer.body).replaceAll('\\"', '"')).toContain(words)
})

test('nobody searches without a token', async () => {
  const answer = await api.call('GET', '/api/search/?q=core', { token: null })

  expect([401, 403]).toContain(answer.status)
})
