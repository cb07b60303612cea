import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Unit = { id: number; name: string; device: Shown | null; occupied: boolean }
type Page = { count: number; next: string | null; results: Unit[] }

let api: TestApi
const ids: Record<string, number> = {}
const create = async (path: string, body: Json): Promise<number> => {
  const answer = await api.call('POST', `/api/${path}/`, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body.id
}

beforeAll(async () => {
  api = await startApi()
  const site = await create('dcim/sites', { name: 'S', slug: 's' })
  const manufacturer = await create('dcim/manufacturers', { name: 'M', slug: 'm' })
  const type = (model: string, u_height: number, is_full_depth: boolean): Promise<number> =>
    create('dcim/device-types', { manufacturer, model, slug: model, u_height, is_full_depth })
  const [two, half, panel] = [
    await type('two', 2, true),
    await type('half', 0.5, false),
    await type('panel', 1, false),
  ]
  const role = await create('dcim/device-roles', { name: 'Switch', slug: 'switch', color: '1d7a3a' })
  const rack = (name: string, more: Json): Promise<number> => create('dcim/racks', { name, site, ...more })
  ids['rack'] = await rack('R1', { u_height: 10 })
  ids['down'] = await rack('R2', { u_height: 4, starting_unit: 5, desc_units: true })
  const device = (name: string, device_type: number, place: Json): Promise<number> =>
    create('dcim/devices', { name, site, role, device_type, rack: ids['rack'], ...place })
  ids['full'] = await device('core <1> & "co"', two, { position: 3, face: 'front', serial: 'SN1' })
  ids['rear'] = await device('panel-rear', panel, { position: 8, face: 'rear' })
  ids['half'] = await device('half', half, { position: 10.5, face: 'front' })
  ids['floor'] = await device('no place', two, { rack: ids['rack'] })
  ids['low'] = await device('low', two, { rack: ids['down'], position: 5, face: 'front' })
})
afterAll(() => api.stop())

const elevation = async (query: string, rack = ids['rack']): Promise<Page> =>
  (await api.call<Page>('GET', `/api/dcim/racks/${rack}/elevation/?${query}`)).body
const taken = ({ results }: Page): Record<string, string | undefined> =>
  Object.fromEntries(
    results.flatMap(({ name, device, occupied }) => (occupied ? [[name, device?.name]] : [])),
  )

describe('as a list', () => {
  test('it has every half unit from the top, and full-depth devices on both faces', async () => {
    const front = await elevation('limit=0')
    const rear = await elevation('limit=0&face=rear')

    expect([front.count, front.results[0]?.name, front.results.at(-1)?.name]).toEqual([20, 'U10.5', 'U1'])
    const core = 'core <1> & "co"'
    expect(taken(front)).toEqual({ 'U10.5': 'half', 'U4.5': core, U4: core, 'U3.5': core, U3: core })
    expect(taken(rear)).toEqual({
      'U8.5': 'panel-rear',
      U8: 'panel-rear',
      'U4.5': core,
      U4: core,
      'U3.5': core,
      U3: core,
    })
  })

  test('it can leave a device out, show each once, be searched and paged', async () => {
    expect(taken(await elevation(`limit=0&exclude=${ids['full']}`))).toEqual({ 'U10.5': 'half' })
    expect(Object.keys(taken(await elevation('limit=0&expand_devices=false')))).toEqual(['U10.5', 'U3'])
    expect((await elevation('q=u10')).results.map(({ name }) => name)).toEqual(['U10.5', 'U10'])
    const page = await elevation('limit=3&offset=3')
    expect([page.count, page.results.length, page.next]).toEqual([
      20,
      3,
      expect.stringContaining('limit=3&offset=6'),
    ])
  })

  test('units that start elsewhere and count down from the top', async () => {
    const { results } = await elevation('limit=0', ids['down'])

    expect(results.map(({ name }) => name).slice(0, 3)).toEqual(['U5', 'U5.5', 'U6'])
    expect(results.filter(({ occupied }) => occupied).map(({ id }) => id)).toEqual([5, 5.5, 6, 6.5])
  })

  test.each([
    ['face=both', 'face'],
    ['face=left', 'face'],
    ['render=png', 'render'],
    ['unit_width=0', 'unit_width'],
    ['limit=x', 'limit'],
    ['unit_widht=1', 'unit_widht'],
  ])('?%s is refused', async (query, name) => {
    const { status, body } = await api.call<Json>('GET', `/api/dcim/racks/${ids['rack']}/elevation/?${query}`)

    expect([status, Object.keys(body)]).toEqual([400, expect.arrayContaining([name])])
  })

  test('of a rack that is not there is not found', async () => {
    expect((await api.call('GET', '/api/dcim/racks/7/elevation/')).status).toBe(404)
  })
})

describe('as a picture', () => {
  const draw = async (query: string): Promise<string> =>
    (await api.call<string>('GET', `/api/dcim/racks/${ids['rack']}/elevation/?render=svg&${query}`)).body

  test('it is well-formed, with escaped names, titles and links', async () => {
    const svg = await draw('face=both')

    expect(unclosed(svg)).toEqual([])
    expect(svg).toContain(
      '<title>core &lt;1&gt; &amp; &quot;co&quot;\nRole: Switch\nType: two, 2U\nSerial: SN1</title>',
    )
    expect(svg).toContain(`href="/devices/${ids['full']}"`)
    expect(svg).not.toMatch(/<style|<script|style=/)
    expect(svg.match(/fill="#1d7a3a"/g)).toHaveLength(4)
  })

  test('it has the sizes that were asked for', async () => {
    const svg = await draw('unit_width=100&unit_height=10&legend_width=20&margin_width=5')

    expect(svg).toMatch(/^<svg [^>]*width="130" height="129"/)
    expect(svg).toMatch(/x="25" y="84" width="100" height="20" fill="#1d7a3a"/)
  })
})

test('free space: where a device fits, by its height, face and depth', async () => {
  const free = async (query: string): Promise<Json> =>
    (await api.call<Json>('GET', `/api/dcim/racks/${ids['rack']}/free-units/?${query}`)).body

  expect((await free('height=2'))['positions']).toEqual([1, 5, 6])
  expect((await free('height=2&full_depth=false'))['positions']).toEqual([1, 5, 6, 7, 8])
  expect((await free('height=0.5&full_depth=false&face=rear'))['positions']).toContain(10.5)
  expect(await free('')).toMatchObject({ u_height: 10, free_units: 6, positions: [1, 2, 5, 6, 7, 9] })
})

test('the trace of an interface is empty, and of one that is not there a 404', async () => {
  const id = await create('dcim/interfaces', { device: ids['full'], name: 'eth0', type: '1000base-t' })

  const trace = await api.call('GET', `/api/dcim/interfaces/${id}/trace/`)
  const lost = await api.call('GET', '/api/dcim/interfaces/7/trace/')

  expect([trace.status, trace.body, lost.status]).toEqual([200, [], 404])
})

/** Elements that are not closed, or closed in the wrong place. */
function unclosed(svg: string): string[] {
  const open: string[] = []
  for (const [, slash, name = '', end] of svg.matchAll(
    /<(\/?)([a-z]+)(?:\s[a-zA-Z-]+="[^"<]*")*(?:\s[a-z]+:[a-z]+="[^"<]*")*(\/?)>/g,
  )) {
    if (slash === '/') {
      if (open.pop() !== name) return [name]
    } else if (end !== '/') open.push(name)
  }
  const brackets = svg.replaceAll(/<\/?[a-z]+(?:\s[a-zA-Z-]+="[^"<]*")*\/?>/g, '')
  return /[<>]/.test(brackets) ? [...open, 'a stray bracket'] : open
}
