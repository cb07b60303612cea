import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

let api: TestApi

type List = { count: number; results: (Shown & Json)[] }

async function make(path: string, body: Json): Promise<number> {
  const { status, body: made } = await api.call('POST', `/api/ipam/${path}/`, { body })
  expect({ status, made }).toMatchObject({ status: 201 })
  return made.id
}

beforeAll(async () => {
  api = await startApi()
  for (const prefix of ['10.0.0.0/8', '10.1.0.0/16', '10.1.1.0/24', '10.2.0.0/16', '192.0.2.0/24'])
    await make('prefixes', { prefix })
  await make('prefixes', { prefix: '2001:db8::/32' })
  await make('prefixes', { prefix: '10.1.1.0/24', vrf: await make('vrfs', { name: 'red' }) })
  for (const address of ['10.1.1.1/24', '10.1.1.2/32', '10.2.0.1/16', '2001:db8::1/64'])
    await make('ip-addresses', { address })
  await make('ip-ranges', { start_address: '10.1.1.10/24', end_address: '10.1.1.20/24' })
})

afterAll(() => api.stop())

const list = async (url: string) => (await api.call<List>('GET', `/api/ipam/${url}`)).body

describe('filters of networks', () => {
  test.each([
    ['within=10.0.0.0/8', ['10.1.0.0/16', '10.1.1.0/24', '10.2.0.0/16']],
    ['within_include=10.0.0.0/8', ['10.0.0.0/8', '10.1.0.0/16', '10.1.1.0/24', '10.2.0.0/16']],
    ['contains=10.1.1.7', ['10.0.0.0/8', '10.1.0.0/16', '10.1.1.0/24']],
    ['contains=10.1.0.0/16', ['10.0.0.0/8', '10.1.0.0/16']],
    ['mask_length=16', ['10.1.0.0/16', '10.2.0.0/16']],
    ['mask_length__gte=24&family=4', ['10.1.1.0/24', '192.0.2.0/24']],
    ['family=6', ['2001:db8::/32']],
    ['prefix=10.2.0.0/16', ['10.2.0.0/16']],
    ['children__gt=0', ['10.0.0.0/8', '10.1.0.0/16']],
    ['_depth=2', ['10.1.1.0/24']],
  ])('?%s', async (query, expected) => {
    const { results } = await list(`prefixes/?vrf_id=null&ordering=prefix&${query}`)

    expect(results.map(({ prefix }) => prefix)).toEqual(expected)
  })

  test('tell how deep a prefix lies and what lies in it, VRF by VRF', async () => {
    const { results } = await list('prefixes/?ordering=vrf,prefix')

    const shown = results.map((row) => [row['prefix'], row['_depth'], row['children']])
    expect(shown.filter(([prefix]) => prefix === '10.1.1.0/24')).toEqual(
      expect.arrayContaining([
        ['10.1.1.0/24', 2, 0],
        ['10.1.1.0/24', 0, 0],
      ]),
    )
    expect(shown).toContainEqual(['10.0.0.0/8', 0, 3])
  })

  test.each([
    ['ip-addresses/?parent=10.1.0.0/16', 2],
    ['ip-addresses/?parent=10.1.0.0/16&parent=2001:db8::/32', 3],
    ['ip-addresses/?address=10.1.1.2', 1],
    ['ip-addresses/?mask_length__lt=32', 2],
    ['ip-addresses/?assigned_to_interface=false', 4],
    ['ip-ranges/?contains=10.1.1.15', 1],
    ['ip-ranges/?contains=10.1.1.21', 0],
    ['ip-ranges/?parent=10.1.1.0/24', 1],
    ['ip-ranges/?parent=10.1.1.16/28', 0],
  ])('%s finds %i', async (url, count) => {
    expect(await list(url)).toMatchObject({ count })
  })

  test('that are no networks, and unknown ones, are refused', async () => {
    const answers = await Promise.all(
      ['prefixes/?within=10.0.0', 'prefixes/?parent=10.0.0.0/8', 'ip-addresses/?parent=x'].map((url) =>
        api.call('GET', `/api/ipam/${url}`),
      ),
    )

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
  })
})

describe('the prefixes in a prefix', () => {
  test('are its children, and how much of it they and its addresses take', async () => {
    const [parent] = (await list('prefixes/?prefix=10.1.1.0/24&vrf_id=null')).results
    const [whole] = (await list('prefixes/?prefix=10.0.0.0/8')).results

    const children = await list(`prefixes/${whole?.id}/children/?limit=2`)
    const used = await api.call('GET', `/api/ipam/prefixes/${parent?.id}/utilization/`)

    expect(children).toMatchObject({
      count: 3,
      results: [{ prefix: '10.1.0.0/16' }, { prefix: '10.1.1.0/24' }],
    })
    expect(used.body).toMatchObject({
      prefix: '10.1.1.0/24',
      addresses: 2,
      ranges: 1,
      utilization: 0.78,
      size: '254',
    })
  })
})
