import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Shown, type TestApi } from '../support/api.ts'

let api: TestApi
let site: Shown
let role: Shown
let type: Shown
let count = 0

beforeAll(async () => {
  api = await startApi()
  site = await make('/api/dcim/sites/', { name: 'ams', slug: 'ams' })
  role = await make('/api/dcim/device-roles/', { name: 'access', slug: 'access' })
  const maker = await make('/api/dcim/manufacturers/', { name: 'acme', slug: 'acme' })
  type = await make('/api/dcim/device-types/', { manufacturer: maker.id, model: 'x1', slug: 'x1' })
})
afterAll(() => api.stop())

async function make(path: string, body: object): Promise<Shown> {
  const { status, body: made } = await api.call('POST', path, { body })
  expect([status, made]).toEqual([201, made])
  return made
}

const host = () =>
  make('/api/dcim/devices/', { name: `h${++count}`, site: site.id, role: role.id, device_type: type.id })
const port = (device: Shown, name: string, values: object = {}) =>
  make('/api/dcim/interfaces/', { device: device.id, name, ...values })
const address = (on: Shown | null, text: string) =>
  make('/api/ipam/ip-addresses/', {
    address: text,
    ...(on === null ? {} : { assigned_object_type: 'dcim.interface', assigned_object_id: on.id }),
  })
const read = async ({ id }: Shown) => (await api.call('GET', `/api/dcim/devices/${id}/`)).body

describe('the address of a host', () => {
  test('is that of its primary interface, of each family', async () => {
    const device = await host()
    const other = await port(device, 'e0')
    const primary = await port(device, 'e1', { is_primary: true })

    await address(other, '192.0.2.10/24')
    const first = await read(device)
    await address(primary, '192.0.2.11/24')
    await address(primary, '2001:db8::11/64')
    await address(other, '2001:db8::12/64')
    const then = await read(device)

    expect(first['primary_ip4']).toMatchObject({ address: '192.0.2.10/24' })
    expect(then).toMatchObject({
      primary_ip4: { address: '192.0.2.11/24', family: { value: 4 } },
      primary_ip6: { address: '2001:db8::11/64' },
      primary_ip: { address: '2001:db8::11/64' },
    })
  })

  test('comes with an interface that becomes the primary one', async () => {
    const device = await host()
    const [old, next] = [await port(device, 'e0', { is_primary: true }), await port(device, 'e1')]
    await address(old, '198.51.100.1/24')
    await address(next, '198.51.100.2/24')

    await api.call('PATCH', `/api/dcim/interfaces/${old.id}/`, { body: { is_primary: false } })
    await api.call('PATCH', `/api/dcim/interfaces/${next.id}/`, { body: { is_primary: true } })

    expect((await read(device))['primary_ip4']).toMatchObject({ address: '198.51.100.2/24' })
  })

  test('may be set to any of its own, and to no other', async () => {
    const [device, stranger] = [await host(), await host()]
    const mine = await address(await port(device, 'e0'), '203.0.113.1/24')
    const second = await address(await port(device, 'e1'), '203.0.113.2/24')
    const theirs = await address(await port(stranger, 'e0'), '203.0.113.3/24')
    const set = (body: object) => api.call('PATCH', `/api/dcim/devices/${device.id}/`, { body })

    const answers = [
      await set({ primary_ip4: second.id }),
      await set({ primary_ip4: theirs.id }),
      await set({ primary_ip6: mine.id }),
      await set({ oob_ip: mine.id }),
      await set({ primary_ip: mine.id }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400, 200, 200])
    expect(answers[1]?.body).toMatchObject({
      primary_ip4: [expect.stringContaining('none of its interfaces')],
    })
    expect(answers[2]?.body).toMatchObject({ primary_ip6: [expect.stringContaining('other family')] })
    expect(answers[4]?.body).toMatchObject({ primary_ip: { address: '203.0.113.2/24' } })
  })

  test('goes when the address goes, is taken away, or moves to another host', async () => {
    const [a, b, c, target] = [await host(), await host(), await host(), await host()]
    const ports = await Promise.all([a, b, c].map((device) => port(device, 'e0')))
    const [gone, freed, moved] = [
      await address(ports[0] ?? null, '10.9.0.1/24'),
      await address(ports[1] ?? null, '10.9.0.2/24'),
      await address(ports[2] ?? null, '10.9.0.3/24'),
    ]
    const elsewhere = await port(target, 'e0')
    const change = (one: Shown, assigned_object_id: number | null) =>
      api.call('PATCH', `/api/ipam/ip-addresses/${one.id}/`, {
        body: {
          assigned_object_type: assigned_object_id === null ? null : 'dcim.interface',
          assigned_object_id,
        },
      })

    const statuses = [
      (await api.call('DELETE', `/api/ipam/ip-addresses/${gone.id}/`)).status,
      (await change(freed, null)).status,
      (await change(moved, elsewhere.id)).status,
    ]
    const now = await Promise.all([a, b, c, target].map(read))

    expect(statuses).toEqual([204, 200, 200])
    expect(now.map(({ primary_ip4 }) => (primary_ip4 as Shown | null)?.['address'] ?? null)).toEqual([
      null,
      null,
      null,
      '10.9.0.3/24',
    ])
  })

  test('is filtered by: hosts that have one, hosts that have none', async () => {
    const device = await host()

    const { body } = await api.call<{ results: Shown[] }>(
      'GET',
      '/api/dcim/devices/?has_primary_ip=false&limit=0',
    )
    const others = await api.call<{ results: Shown[] }>(
      'GET',
      '/api/dcim/devices/?has_primary_ip=true&limit=0',
    )

    expect(body.results.map(({ id }) => id)).toContain(device.id)
    expect(body.results.every(({ primary_ip }) => primary_ip === null)).toBe(true)
    expect(others.body.results.every(({ primary_ip }) => primary_ip !== null)).toBe(true)
    expect(others.body.results.length).toBeGreaterThan(0)
  })
})

describe('VLANs of an interface', () => {
  test('need a mode that carries them', async () => {
    const device = await host()
    const vlan = await make('/api/ipam/vlans/', { vid: 100, name: 'users', site: site.id })
    const attempt = (values: object) =>
      api.call('POST', '/api/dcim/interfaces/', {
        body: { device: device.id, name: `p${++count}`, ...values },
      })

    const answers = [
      await attempt({ mode: 'access', untagged_vlan: vlan.id }),
      await attempt({ mode: 'tagged', tagged_vlans: [vlan.id] }),
      await attempt({ untagged_vlan: vlan.id }),
      await attempt({ mode: 'access', tagged_vlans: [vlan.id] }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 400, 400])
    expect(answers[0]?.body).toMatchObject({ untagged_vlan: { vid: 100, name: 'users' } })
  })
})
