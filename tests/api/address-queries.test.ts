import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Page = { count: number; results: Shown[] }

let api: TestApi

const create = async (path: string, body: Json): Promise<number> => {
  const answer = await api.call('POST', `/api/${path}/`, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body.id
}

beforeAll(async () => {
  api = await startApi()
  const vrf = await create('ipam/vrfs', { name: 'red', rd: '65000:1' })
  const region = await create('dcim/regions', { name: 'Europe', slug: 'europe' })
  const site = await create('dcim/sites', { name: 'Berlin', slug: 'berlin', region })
  await create('ipam/vlan-groups', {
    name: 'floor',
    slug: 'floor',
    scope_type: 'dcim.site',
    scope_id: site,
  })
  const vlan = await create('ipam/vlans', { vid: 9, name: 'nine', site })
  await create('ipam/vlans', { vid: 10, name: 'ten', site })
  await create('ipam/vlans', { vid: 100, name: 'hundred' })
  for (const [prefix, more] of Object.entries({
    '10.0.0.0/8': {},
    '10.2.0.0/16': { site },
    '10.10.0.0/16': { vrf },
    '10.2.1.0/24': { vlan },
    '9.0.0.0/8': {},
    '2001:db8::/32': {},
    '2001:db8:a::/48': {},
  }))
    await create('ipam/prefixes', { prefix, ...more })
  const role = await create('dcim/device-roles', { name: 'Router', slug: 'router' })
  const manufacturer = await create('dcim/manufacturers', { name: 'Acme', slug: 'acme' })
  const type = await create('dcim/device-types', { manufacturer, model: 'R1', slug: 'r1' })
  const plain = { device_type: type, role, site }
  const device = await create('dcim/devices', { ...plain, name: 'r1' })
  await create('dcim/devices', { ...plain, name: 'r2' })
  const port = await create('dcim/interfaces', { device, name: 'eth0', is_primary: true })
  const assigned = { assigned_object_type: 'dcim.interface', assigned_object_id: port }
  for (const [address, more] of Object.entries({
    '10.2.1.9/24': assigned,
    '10.2.1.10/24': {},
    '10.10.0.1/16': { vrf },
    '2001:db8::9/64': {},
  }))
    await create('ipam/ip-addresses', { address, ...more })
})
afterAll(() => api.stop())

const displays = async (path: string, query: string): Promise<string[]> => {
  const { status, body } = await api.call<Page>('GET', `/api/${path}/?${query}`)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.results.map(({ display }) => String(display))
}

const v4 = ['9.0.0.0/8', '10.0.0.0/8', '10.2.0.0/16', '10.2.1.0/24', '10.10.0.0/16']

describe('networks and addresses', () => {
  test.each<[string, string, string[]]>([
    // By their number, not by their text.
    ['ipam/prefixes', 'ordering=prefix', [...v4, '2001:db8::/32', '2001:db8:a::/48']],
    ['ipam/prefixes', 'ordering=-prefix&family=4', v4.toReversed()],
    ['ipam/prefixes', 'prefix=10.2.0.0/16&prefix=9.0.0.0/8&ordering=prefix', ['9.0.0.0/8', '10.2.0.0/16']],
    ['ipam/prefixes', 'vrf=65000:1', ['10.10.0.0/16']],
    ['ipam/prefixes', 'vrf=red', ['10.10.0.0/16']],
    ['ipam/ip-addresses', 'address=10.2.1.9', ['10.2.1.9/24']],
    ['ipam/ip-addresses', 'address=10.2.1.9/24', ['10.2.1.9/24']],
    ['ipam/ip-addresses', 'address=10.2.1.9/25', []],
    ['ipam/ip-addresses', 'address=2001:0db8:0::9', ['2001:db8::9/64']],
    ['ipam/ip-addresses', 'address__isw=10.2.', ['10.2.1.9/24', '10.2.1.10/24']],
    ['ipam/ip-addresses', 'assigned_object_type=dcim.interface', ['10.2.1.9/24']],
    ['ipam/ip-addresses', 'vrf_id=null&family=4', ['10.2.1.9/24', '10.2.1.10/24']],
    ['ipam/prefixes', 'vlan_vid=9', ['10.2.1.0/24']],
    ['ipam/vlans', 'region=europe&q=10', ['ten (10)']],
    ['ipam/vlan-groups', 'site=berlin', ['floor']],
    ['ipam/vlan-groups', 'site__n=berlin', []],
    ['ipam/vlans', 'ordering=vid', ['nine (9)', 'ten (10)', 'hundred (100)']],
    ['ipam/vlans', 'vid__gt=9&ordering=-vid', ['hundred (100)', 'ten (10)']],
  ])('%s?%s', async (path, query, expected) => {
    expect(await displays(path, query)).toEqual(expected)
  })

  test.each([
    ['ipam/prefixes', 'prefix=ten', 'network'],
    ['ipam/ip-addresses', 'address=10.0.0.256', 'address'],
  ])('%s?%s is refused', async (path, query, words) => {
    const { status, body } = await api.call('GET', `/api/${path}/?${query}`)

    expect(status).toBe(400)
    expect(body['detail']).toContain(words)
  })
})
