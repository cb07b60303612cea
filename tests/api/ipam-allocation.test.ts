import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})

afterAll(() => api.stop())

type Made = Shown & Json
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  api.call<Made>('POST', `/api/ipam/${path}`, { body, headers })
const postMany = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  api.call<Made[]>('POST', `/api/ipam/${path}`, { body, headers })
const get = <T = Json[]>(path: string) => api.call<T>('GET', `/api/ipam/${path}`)

async function make(path: string, body: Json): Promise<number> {
  const { status, body: made } = await post(path, body)
  expect({ status, made }).toMatchObject({ status: 201 })
  return made.id
}

const addressesOf = (rows: readonly Json[]) => rows.map((row) => row['address'])
const prefixesOf = (rows: readonly Json[]) => rows.map((row) => row['prefix'])

describe('available addresses of a prefix', () => {
  test('are listed and taken in order, without the ends of the network', async () => {
    const id = await make('prefixes/', { prefix: '10.1.0.0/29' })
    await make('ip-addresses/', { address: '10.1.0.2/29' })

    const listed = await get(`prefixes/${id}/available-ips/`)
    const one = await post(`prefixes/${id}/available-ips/`, {})
    const two = await postMany(`prefixes/${id}/available-ips/`, [
      { description: 'a' },
      { dns_name: 'b.example' },
    ])

    expect(listed.status).toBe(200)
    expect(listed.body[0]).toEqual({ family: 4, address: '10.1.0.1/29', vrf: null })
    expect(addressesOf(listed.body)).toEqual(['1', '3', '4', '5', '6'].map((end) => `10.1.0.${end}/29`))
    expect(one).toMatchObject({ status: 201, body: { address: '10.1.0.1/29', status: { value: 'active' } } })
    expect(two.status).toBe(201)
    expect(two.body).toMatchObject([
      { address: '10.1.0.3/29', description: 'a' },
      { address: '10.1.0.4/29', dns_name: 'b.example' },
    ])
  })

  test('that are not enough are refused with 409, and none is taken', async () => {
    const id = await make('prefixes/', { prefix: '10.1.1.0/30' })

    const refused = await post(`prefixes/${id}/available-ips/`, [{}, {}, {}])
    const left = await get(`prefixes/${id}/available-ips/`)

    expect(refused.status).toBe(409)
    expect(JSON.stringify(refused.body)).toContain('3 requested, 2 available')
    expect(left.body).toHaveLength(2)
  })

  test.each([
    ['10.1.2.0/31', false, 2],
    ['10.1.3.0/32', false, 1],
    ['10.1.4.0/30', true, 4],
    ['2001:db8:1::/126', false, 3],
    ['2001:db8:2::/127', false, 2],
    ['2001:db8:3::/128', false, 1],
  ])('%s (pool: %s) has %i', async (prefix, is_pool, count) => {
    const id = await make('prefixes/', { prefix, is_pool })

    const { body } = await get(`prefixes/${id}/available-ips/`)

    expect(body).toHaveLength(count)
  })

  test('of all of IPv4 and IPv6 are there', async () => {
    const four = await make('prefixes/', { prefix: '0.0.0.0/0' })
    const six = await make('prefixes/', { prefix: '::/0' })

    const answers = [
      await post(`prefixes/${four}/available-ips/`, { strategy: 'last' }),
      await post(`prefixes/${six}/available-ips/`, {}),
      await post(`prefixes/${six}/available-ips/`, { strategy: 'random' }),
    ]

    // A mask of /0 is none for an address: it stands alone.
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(answers[0]?.body).toMatchObject({ address: '255.255.255.254/32' })
    expect(answers[1]?.body).toMatchObject({ address: '::1/128' })
  })

  test('leave out ranges that count as populated', async () => {
    const id = await make('prefixes/', { prefix: '10.1.5.0/29' })
    await make('ip-ranges/', {
      start_address: '10.1.5.2/29',
      end_address: '10.1.5.5/29',
      mark_populated: true,
    })

    const { body } = await get(`prefixes/${id}/available-ips/`)

    expect(addressesOf(body)).toEqual(['10.1.5.1/29', '10.1.5.6/29'])
  })

  test('are taken by strategy', async () => {
    const id = await make('prefixes/', { prefix: '10.1.8.0/22', is_pool: true })
    const take = async (strategy: string, count: number) =>
      addressesOf(
        (
          await postMany(
            `prefixes/${id}/available-ips/`,
            Array.from({ length: count }, () => ({ strategy })),
          )
        ).body,
      )

    const last = await take('last', 2)
    const spaced = await take('spaced', 4)
    const random = await take('random', 3)
    const unknown = await post(`prefixes/${id}/available-ips/`, { strategy: 'best' })

    expect(last).toEqual(['10.1.11.255/22', '10.1.11.254/22'])
    expect(spaced).toEqual(['10.1.8.0/22', '10.1.10.0/22', '10.1.9.0/22', '10.1.11.0/22'])
    expect(new Set(random).size).toBe(3)
    expect(unknown.status).toBe(400)
  })

  test('of a range are taken within it, and those of a VRF in that VRF', async () => {
    const vrf = await make('vrfs/', { name: 'blue' })
    const range = await make('ip-ranges/', { start_address: '10.1.12.10/24', end_address: '10.1.12.11', vrf })

    const taken = await postMany(`ip-ranges/${range}/available-ips/`, [{}, {}])
    const full = await post(`ip-ranges/${range}/available-ips/`, {})

    expect(taken.body).toMatchObject([
      { address: '10.1.12.10/24', vrf: { id: vrf } },
      { address: '10.1.12.11/24', vrf: { id: vrf } },
    ])
    expect(full.status).toBe(409)
  })
})

describe('available prefixes', () => {
  test('are listed as the fewest networks, and taken where they fit first', async () => {
    const id = await make('prefixes/', { prefix: '10.2.0.0/24', status: 'container' })
    await make('prefixes/', { prefix: '10.2.0.64/26' })

    const listed = await get(`prefixes/${id}/available-prefixes/`)
    const one = await post(`prefixes/${id}/available-prefixes/`, { prefix_length: 28, description: 'x' })
    const many = await postMany(`prefixes/${id}/available-prefixes/`, [
      { prefix_length: 28 },
      { prefix_length: 25 },
      { prefix_length: 27 },
    ])
    const full = await post(`prefixes/${id}/available-prefixes/`, { prefix_length: 26 })

    expect(prefixesOf(listed.body)).toEqual(['10.2.0.0/26', '10.2.0.128/25'])
    expect(one).toMatchObject({ status: 201, body: { prefix: '10.2.0.0/28', description: 'x' } })
    expect(prefixesOf(many.body)).toEqual(['10.2.0.16/28', '10.2.0.128/25', '10.2.0.32/27'])
    expect(full.status).toBe(409)
  })

  test('pass by what larger prefixes of the parent take, and by what lies in them', async () => {
    const id = await make('prefixes/', { prefix: '10.128.0.0/9', status: 'container' })
    await make('prefixes/', { prefix: '10.128.0.0/10' })
    await make('prefixes/', { prefix: '10.130.7.0/24' })
    await make('prefixes/', { prefix: '10.192.0.0/24' })

    const first = await post(`prefixes/${id}/available-prefixes/`, { prefix_length: 24 })
    const last = await post(`prefixes/${id}/available-prefixes/`, { prefix_length: 30, strategy: 'last' })
    const spaced = await post(`prefixes/${id}/available-prefixes/`, { prefix_length: 16, strategy: 'spaced' })

    expect(first.body).toMatchObject({ prefix: '10.192.1.0/24' })
    expect(last.body).toMatchObject({ prefix: '10.255.255.252/30' })
    expect(spaced.body).toMatchObject({ prefix: '10.224.0.0/16' })
  })

  test('of IPv6 reach down to /128', async () => {
    const id = await make('prefixes/', { prefix: '2001:db8:ff00::/40' })

    const lengths = [48, 64, 127, 128].map((prefix_length) => ({ prefix_length }))
    const { body } = await postMany(`prefixes/${id}/available-prefixes/`, lengths)

    expect(prefixesOf(body)).toEqual([
      '2001:db8:ff00::/48',
      '2001:db8:ff01::/64',
      '2001:db8:ff01:1::/127',
      '2001:db8:ff01:1::2/128',
    ])
  })

  test('of a length that is none, or no longer than the parent, are refused', async () => {
    const id = await make('prefixes/', { prefix: '10.3.0.0/24' })

    const answers = await Promise.all(
      [8, 24, 33, 'x', undefined].map((prefix_length) =>
        post(`prefixes/${id}/available-prefixes/`, { prefix_length }),
      ),
    )

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400])
    for (const { body } of answers) expect(body).toHaveProperty('prefix_length')
  })
})
