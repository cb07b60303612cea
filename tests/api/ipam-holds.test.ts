import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})

afterAll(() => api.stop())

type Made = Shown & Json
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  api.call<Made>('POST', `/api/${path}`, { body, headers })

async function make(path: string, body: Json): Promise<number> {
  const { status, body: made } = await post(path, body)
  expect({ status, made }).toMatchObject({ status: 201 })
  return made.id
}

const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('a hold', () => {
  test('keeps an address from others until it is confirmed, under its own id', async () => {
    const id = await make('ipam/prefixes/', { prefix: '10.1.0.0/30' })

    const hold = await post(`ipam/prefixes/${id}/available-ips/`, { hold_seconds: 60, description: 'vm' })
    const other = await post(`ipam/prefixes/${id}/available-ips/`, {})
    const plain = await post('ipam/ip-addresses/', { address: '10.1.0.1/30' })
    const full = await post(`ipam/prefixes/${id}/available-ips/`, {})
    const confirmed = await post(`ipam/holds/${hold.body.id}/confirm/`, { dns_name: 'vm.example' })
    const again = await post(`ipam/holds/${hold.body.id}/confirm/`, {})

    expect(hold).toMatchObject({ status: 201, body: { address: '10.1.0.1/30', model: 'ipam.ipaddress' } })
    expect(other.body).toMatchObject({ address: '10.1.0.2/30' })
    expect([plain.status, full.status]).toEqual([400, 409])
    expect(confirmed).toMatchObject({
      status: 201,
      body: { id: hold.body.id, address: '10.1.0.1/30', dns_name: 'vm.example', description: 'vm' },
    })
    expect(again.status).toBe(404)
  })

  test('that has run out is free for everybody, and cannot be confirmed', async () => {
    const id = await make('ipam/prefixes/', { prefix: '10.1.1.0/24' })
    const holds = await Promise.all(
      [1, 2].map(() => post(`ipam/prefixes/${id}/available-ips/`, { hold_seconds: 1 })),
    )
    await passed(1100)

    const first = await post(`ipam/prefixes/${id}/available-ips/`, {})
    const plain = await post('ipam/ip-addresses/', { address: '10.1.1.2/24' })
    const confirmed = await Promise.all(holds.map(({ body }) => post(`ipam/holds/${body.id}/confirm/`, {})))

    expect(first).toMatchObject({ status: 201, body: { address: '10.1.1.1/24' } })
    expect(plain.status).toBe(201)
    expect(confirmed.map(({ status }) => status)).toEqual([409, 409])
  })

  test('is given back by a DELETE', async () => {
    const id = await make('ipam/prefixes/', { prefix: '10.1.2.0/31' })
    const hold = await post(`ipam/prefixes/${id}/available-ips/`, { hold_seconds: 60 })

    const shown = await api.call('GET', `/api/ipam/holds/${hold.body.id}/`)
    const released = await api.call('DELETE', `/api/ipam/holds/${hold.body.id}/`)
    const next = await post(`ipam/prefixes/${id}/available-ips/`, {})

    expect([shown.status, released.status]).toEqual([200, 204])
    expect(next.body).toMatchObject({ address: '10.1.2.0/31' })
  })

  test('of a prefix keeps every prefix that overlaps it from being given out', async () => {
    const id = await make('ipam/prefixes/', { prefix: '10.2.0.0/24' })

    const hold = await post(`ipam/prefixes/${id}/available-prefixes/`, {
      prefix_length: 25,
      hold_seconds: 60,
    })
    const smaller = await post(`ipam/prefixes/${id}/available-prefixes/`, { prefix_length: 26 })
    const confirmed = await post(`ipam/holds/${hold.body.id}/confirm/`, { status: 'reserved' })
    const last = await post(`ipam/prefixes/${id}/available-prefixes/`, { prefix_length: 26 })
    const full = await post(`ipam/prefixes/${id}/available-prefixes/`, { prefix_length: 26 })

    expect(hold.body).toMatchObject({ prefix: '10.2.0.0/25' })
    expect(smaller.body).toMatchObject({ prefix: '10.2.0.128/26' })
    expect(confirmed.body).toMatchObject({ prefix: '10.2.0.0/25', status: { value: 'reserved' } })
    expect(last.body).toMatchObject({ prefix: '10.2.0.192/26' })
    expect(full.status).toBe(409)
  })

  test('of a VLAN takes its name when it is confirmed', async () => {
    const group = await make('ipam/vlan-groups/', { name: 'g', slug: 'g', vid_ranges: [[10, 11]] })

    const hold = await post(`ipam/vlan-groups/${group}/available-vlans/`, { hold_seconds: 60 })
    const next = await post(`ipam/vlan-groups/${group}/available-vlans/`, { name: 'next' })
    const nameless = await post(`ipam/holds/${hold.body.id}/confirm/`, {})
    const confirmed = await post(`ipam/holds/${hold.body.id}/confirm/`, { name: 'mine' })

    expect(hold.body).toMatchObject({ vid: 10, model: 'ipam.vlan' })
    expect(next.body).toMatchObject({ vid: 11, group: { id: group } })
    expect(nameless).toMatchObject({ status: 400, body: { name: ['This field is required.'] } })
    expect(confirmed.body).toMatchObject({ vid: 10, name: 'mine' })
  })

  test('that many confirm at once becomes one address', async () => {
    const id = await make('ipam/prefixes/', { prefix: '10.1.3.0/24' })
    const hold = await post(`ipam/prefixes/${id}/available-ips/`, { hold_seconds: 60 })

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post(`ipam/holds/${hold.body.id}/confirm/`, {})),
    )

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.every(({ status }) => [201, 404, 409].includes(status))).toBe(true)
  })
})

describe('an Idempotency-Key', () => {
  test('answers the same request the same, and refuses it for another', async () => {
    const id = await make('ipam/prefixes/', { prefix: '10.3.0.0/24' })
    const url = `ipam/prefixes/${id}/available-ips/`
    const headers = { 'idempotency-key': '"7b6c-1"' }

    const first = await post(url, { description: 'a' }, headers)
    const again = await post(url, { description: 'a' }, headers)
    const bare = await post(url, { description: 'a' }, { 'idempotency-key': '7b6c-1' })
    const other = await post(url, { description: 'b' }, headers)
    const bad = await post(url, {}, { 'idempotency-key': 'a b' })

    expect(again).toMatchObject({ status: 201, body: { id: first.body.id, address: '10.3.0.1/24' } })
    expect(bare.body.id).toBe(first.body.id)
    expect([other.status, bad.status]).toEqual([422, 400])
  })

  test('is not used up by a request that failed', async () => {
    const id = await make('ipam/prefixes/', { prefix: '10.3.1.0/32' })
    const held = await make('ipam/ip-addresses/', { address: '10.3.1.0/32' })
    const url = `ipam/prefixes/${id}/available-ips/`
    const headers = { 'idempotency-key': 'later' }

    const full = await post(url, {}, headers)
    await api.call('DELETE', `/api/ipam/ip-addresses/${held}/`)
    const free = await post(url, {}, headers)

    expect([full.status, free.status]).toEqual([409, 201])
  })
})

describe('a bundle', () => {
  const names = (name: string) => ({ name, slug: name })

  test('makes device, interface and address together, or none of them', async () => {
    const prefix = await make('ipam/prefixes/', { prefix: '10.4.0.0/24' })
    const site = await make('dcim/sites/', names('muc'))
    const manufacturer = await make('dcim/manufacturers/', names('acme'))
    const device_type = await make('dcim/device-types/', { manufacturer, model: 'x', slug: 'x' })
    const role = await make('dcim/device-roles/', names('host'))
    const body = {
      prefix,
      device: { name: 'h1', device_type, role, site },
      interface: { name: 'eth0', type: '1000base-t' },
      address: { dns_name: 'h1.example' },
    }

    const made = await post('ipam/bundles/', body, { 'idempotency-key': 'h1' })
    const again = await post('ipam/bundles/', body, { 'idempotency-key': 'h1' })
    const device = { ...body.device, name: 'h2' }
    const refused = await post('ipam/bundles/', { ...body, device, interface: { name: '' } })
    const orphans = await api.call<{ count: number }>('GET', '/api/dcim/devices/?name=h2')
    const second = await post('ipam/bundles/', {
      ...body,
      device: (made.body['device'] as Shown).id,
      interface: { name: 'eth1', type: 'virtual' },
    })
    const count = await api.call<{ count: number }>('GET', '/api/ipam/ip-addresses/?dns_name=h1.example')

    const { device: owner, interface: nic, address } = made.body as unknown as Record<string, Shown>
    expect(made.status).toBe(201)
    expect(nic).toMatchObject({ name: 'eth0', device: { id: owner?.id } })
    expect(address).toMatchObject({
      address: '10.4.0.1/24',
      dns_name: 'h1.example',
      assigned_object_type: 'dcim.interface',
      assigned_object_id: nic?.id,
    })
    expect(again.body).toMatchObject({ address: { id: address?.id } })
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({ interface: ['name: This field may not be blank.'] })
    expect(orphans.body.count).toBe(0)
    expect(second).toMatchObject({ status: 201, body: { address: { address: '10.4.0.2/24' }, device: null } })
    expect(count.body.count).toBe(2)
  })
})
