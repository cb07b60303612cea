import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

let api: TestApi
let site: number

beforeAll(async () => {
  api = await startApi()
  site = await make('/api/dcim/sites/', { name: 'Berlin', slug: 'berlin' })
})

afterAll(() => api.stop())

async function make(url: string, body: Json): Promise<number> {
  const { status, body: made } = await api.call('POST', url, { body })
  expect({ status, made }).toMatchObject({ status: 201 })
  return made.id
}

const post = (path: string, body: unknown) => api.call<Shown & Json>('POST', `/api/ipam/${path}/`, { body })

describe('prefixes', () => {
  test('are shown as NetBox shows them', async () => {
    const vrf = await make('/api/ipam/vrfs/', { name: 'red', rd: '65000:1' })

    const { status, body } = await post('prefixes', {
      prefix: '2001:DB8::/32',
      vrf,
      site,
      status: 'container',
    })

    expect(status).toBe(201)
    expect(body).toMatchObject({
      display: '2001:db8::/32',
      prefix: '2001:db8::/32',
      family: { value: 6, label: 'IPv6' },
      vrf: { id: vrf, name: 'red', rd: '65000:1', display: 'red (65000:1)' },
      site: { id: site },
      status: { value: 'container', label: 'Container' },
    })
    expect(body).not.toHaveProperty('alone')
  })

  test('are refused with host bits, and the right one is named', async () => {
    const { status, body } = await post('prefixes', { prefix: '10.9.0.1/16' })

    expect(status).toBe(400)
    expect(JSON.stringify(body)).toContain('did you mean 10.9.0.0/16?')
  })

  test('are unique in the global table and in a VRF that wants it', async () => {
    const strict = await make('/api/ipam/vrfs/', { name: 'strict' })
    const loose = await make('/api/ipam/vrfs/', { name: 'loose', enforce_unique: false })
    const statuses: number[] = []

    for (const vrf of [null, null, strict, strict, loose, loose]) {
      statuses.push((await post('prefixes', { prefix: '10.10.0.0/16', vrf })).status)
    }

    expect(statuses).toEqual([201, 400, 201, 400, 201, 201])
  })

  test('of one network are one, however many ask for it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => post('prefixes', { prefix: '10.11.0.0/16' })),
    )

    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 11 }, () => 400),
    ])
  })

  test('may be all of IPv4, all of IPv6, and one address', async () => {
    const statuses: number[] = []

    for (const prefix of ['0.0.0.0/0', '::/0', '192.0.2.1/32', '2001:db8::1/128'])
      statuses.push((await post('prefixes', { prefix })).status)

    expect(statuses).toEqual([201, 201, 201, 201])
  })
})

describe('addresses', () => {
  test('are unique in a VRF, whatever their mask', async () => {
    const first = await post('ip-addresses', { address: '10.20.0.1/24', dns_name: 'R1.Example.COM' })
    const second = await post('ip-addresses', { address: '10.20.0.1/16' })

    expect(first).toMatchObject({
      status: 201,
      body: { family: { value: 4 }, dns_name: 'r1.example.com', display: '10.20.0.1/24' },
    })
    expect(second.status).toBe(400)
    expect(second.body).toMatchObject({
      address: ['Duplicate IP address found in the global table: 10.20.0.1'],
    })
  })

  test.each(['anycast', 'vip', 'vrrp', 'hsrp', 'glbp', 'carp'])(
    'with the role %s are shared',
    async (role) => {
      const address = `10.21.${role.length}.${role.charCodeAt(0)}/24`

      const shared = [
        await post('ip-addresses', { address, role }),
        await post('ip-addresses', { address, role: 'vip' }),
      ]
      const alone = await post('ip-addresses', { address, role: 'secondary' })

      expect(shared.map(({ status }) => status)).toEqual([201, 201])
      expect(alone.status).toBe(400)
    },
  )

  test('that one wants alone and others share are either the one or the others', async () => {
    for (let round = 0; round < 10; round++) {
      const address = `10.22.0.${round + 1}/24`
      const roles = [null, 'vip', 'vip', null, 'vip', null]

      const answers = await Promise.all(roles.map((role) => post('ip-addresses', { address, role })))

      const made = roles.filter((_, index) => answers[index]?.status === 201)
      expect(answers.every(({ status }) => status === 201 || status === 400)).toBe(true)
      expect(made.length === 1 || (made.length > 1 && made.every((role) => role === 'vip'))).toBe(true)
    }
  })

  test('are free again when the one that had them is gone', async () => {
    const { body } = await post('ip-addresses', { address: '10.23.0.1/24' })
    await api.call('DELETE', `/api/ipam/ip-addresses/${body.id}/`)

    const again = await post('ip-addresses', { address: '10.23.0.1/24' })

    expect(again.status).toBe(201)
  })

  test.each([
    ['10.24.0.0/24', 400],
    ['10.24.0.255/24', 400],
    ['10.24.0.1/24', 201],
    ['10.24.1.0/31', 201],
    ['10.24.1.2/32', 201],
    ['2001:db8:24::/64', 400],
    ['2001:db8:24::ffff:ffff:ffff:ffff/64', 201],
    ['2001:db8:25::/127', 201],
    ['2001:db8:26::/128', 201],
  ])('%s on an interface answers %i', async (address, expected) => {
    const assigned_object_id = await anInterface()

    const { status } = await post('ip-addresses', {
      address,
      assigned_object_type: 'dcim.interface',
      assigned_object_id,
    })

    expect(status).toBe(expected)
  })

  test('have no /0, and SLAAC is of IPv6', async () => {
    const zero = await post('ip-addresses', { address: '10.25.0.1/0' })
    const slaac = await post('ip-addresses', { address: '10.25.0.1/24', status: 'slaac' })

    expect([zero.status, slaac.status]).toEqual([400, 400])
    expect(slaac.body).toMatchObject({ status: ['Only IPv6 addresses can have the status SLAAC.'] })
  })
})

let made = 0
async function anInterface(): Promise<number> {
  made += 1
  const names = { name: `m${made}`, slug: `m${made}` }
  const manufacturer = await make('/api/dcim/manufacturers/', names)
  const device_type = await make('/api/dcim/device-types/', {
    manufacturer,
    model: `m${made}`,
    slug: `m${made}`,
  })
  const role = await make('/api/dcim/device-roles/', names)
  const device = await make('/api/dcim/devices/', { name: `d${made}`, device_type, role, site })
  return make('/api/dcim/interfaces/', { device, name: 'eth0', type: 'virtual' })
}
