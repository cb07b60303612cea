import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { registry } from '../../shared/models.ts'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Group = { type: string; field: string; refers_to: string; count: number; objects: Shown[] }
type Impact = {
  deletable: boolean
  problem: string | null
  complete: boolean
  restricted: Group[]
  deleted: Group[]
  cleared: Group[]
}

let api: TestApi
let made = 0

const create = async (path: string, body: Json): Promise<number> => {
  const answer = await api.call('POST', `/api/${path}/`, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body.id
}
const named = (path: string, body: Json = {}): Promise<number> => {
  made += 1
  return create(path, { name: `Thing ${made}`, slug: `thing-${made}`, ...body })
}
const impact = async (path: string, id: number): Promise<Impact> =>
  (await api.call<Impact>('GET', `/api/${path}/${id}/impact/`)).body

type Network = Record<'region' | 'site' | 'tag' | 'type' | 'role' | 'device' | 'guest' | 'cluster', number>

/** Objects that refer to each other in every way. */
async function network(): Promise<Network> {
  const region = await named('dcim/regions')
  const tag = await named('extras/tags')
  const site = await named('dcim/sites', { region, tags: [tag] })
  const manufacturer = await named('dcim/manufacturers')
  const type = await create('dcim/device-types', { manufacturer, model: `M${tag}`, slug: `m${tag}` })
  const role = await named('dcim/device-roles')
  const clusterType = await named('virtualization/cluster-types')
  const cluster = await named('virtualization/clusters', { type: clusterType, site, slug: undefined })
  const plain = { slug: undefined, site, device_type: type, role }
  const device = await named('dcim/devices', { ...plain, cluster, tags: [tag], hypervisor: true })
  const guest = await named('virtualization/virtual-machines', { slug: undefined, cluster, device })
  const port = await named('dcim/interfaces', { slug: undefined, device, tags: [tag] })
  await named('dcim/interfaces', { slug: undefined, device, parent: port })
  await named('virtualization/interfaces', { slug: undefined, virtual_machine: guest })
  const manufactured = await named('dcim/card-types', { manufacturer, slug: undefined })
  await create('dcim/cards', { card_type: manufactured, device, slot: '1' })
  return { region, site, tag, type, role, device, guest, cluster }
}

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const paths: Record<keyof Network, string> = {
  region: 'dcim/regions',
  site: 'dcim/sites',
  tag: 'extras/tags',
  type: 'dcim/device-types',
  role: 'dcim/device-roles',
  device: 'dcim/devices',
  guest: 'virtualization/virtual-machines',
  cluster: 'virtualization/clusters',
}

const pathOf = (type: string): string => {
  const model = registry.get(type)
  return `${model.area}/${model.path}`
}
const read = (type: string, id: number) => api.call('GET', `/api/${pathOf(type)}/${id}/`)

describe.each(Object.keys(paths) as (keyof Network)[])('deleting the %s', (what) => {
  test('does what was foretold, and nothing was done by foretelling it', async () => {
    const ids = await network()
    const foretold = await impact(paths[what], ids[what])
    const again = await impact(paths[what], ids[what])

    const { status, body } = await api.call('DELETE', `/api/${paths[what]}/${ids[what]}/`)

    expect(again).toEqual(foretold)
    expect(foretold.complete).toBe(true)
    expect(status).toBe(foretold.deletable ? 204 : 409)
    expect(body?.['detail'] ?? null).toBe(foretold.problem)
    for (const { type, objects } of foretold.deleted) {
      for (const { id } of objects) {
        expect((await read(type, id)).status).toBe(foretold.deletable ? 404 : 200)
      }
    }
    for (const { type, field, objects } of foretold.cleared) {
      for (const { id } of objects) {
        const value = (await read(type, id)).body[field]
        const isThere = Array.isArray(value) ? value.length > 0 : value !== null
        expect(isThere).toBe(!foretold.deletable)
      }
    }
    for (const { type, objects } of foretold.restricted) {
      for (const { id } of objects) expect((await read(type, id)).status).toBe(200)
    }
  })
})

describe('an impact', () => {
  test('follows cascades, and counts what it names', async () => {
    const { device } = await network()

    const { deleted, cleared, deletable } = await impact('dcim/devices', device)

    expect(deletable).toBe(true)
    expect(deleted).toMatchObject([
      { type: 'dcim.interface', field: 'device', refers_to: 'dcim.device', count: 2 },
    ])
    expect(Object.fromEntries(cleared.map(({ type, count }) => [type, count]))).toEqual({
      'dcim.card': 1,
      'virtualization.virtualmachine': 1,
    })
  })

  test('names the first of many', async () => {
    const { device } = await network()
    const ports = Array.from({ length: 30 }, (_, index) => ({ device, name: `eth${index}` }))
    await api.call('POST', '/api/dcim/interfaces/', { body: ports })

    const { deleted } = await impact('dcim/devices', device)

    expect(deleted[0]).toMatchObject({ count: 32 })
    expect(deleted[0]?.objects).toHaveLength(20)
  })

  test('of what is not there is not found; it takes no parameters and no other method', async () => {
    const { site } = await network()

    expect((await api.call('GET', '/api/dcim/sites/1/impact/')).status).toBe(404)
    expect((await api.call('GET', `/api/dcim/sites/${site}/impact/?deep=1`)).status).toBe(400)
    expect((await api.call('DELETE', `/api/dcim/sites/${site}/impact/`)).status).toBe(405)
    expect((await api.call('GET', `/api/dcim/sites/${site}/impacts/`)).status).toBe(404)
  })
})
