import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

let count = 0
const named = (): { name: string; slug: string } => {
  count += 1
  return { name: `kept-${count}`, slug: `kept-${count}` }
}

async function make(path: string, body: Json): Promise<Shown> {
  const { status, body: made } = await api.call('POST', `/api/${path}/`, { body })
  if (status !== 201) throw new Error(`${path}: ${JSON.stringify(made)}`)
  return made
}

async function ground() {
  const site = await make('dcim/sites', named())
  const other = await make('dcim/sites', named())
  const maker = await make('dcim/manufacturers', named())
  const role = await make('dcim/device-roles', named())
  const { name, slug } = named()
  const type = await make('dcim/device-types', { manufacturer: maker.id, model: name, slug })
  const device = (values: Json) =>
    make('dcim/devices', {
      name: named().name,
      site: site.id,
      role: role.id,
      device_type: type.id,
      ...values,
    })
  return { site, other, device }
}

/** What a row was held against when it was written still holds when the other one is changed. */
describe('what others rely on stays as it is', () => {
  test('the cluster of a device that runs virtual machines', async () => {
    const { device } = await ground()
    const kind = await make('virtualization/cluster-types', named())
    const clusters = [named(), named()].map(({ name }) => ({ name, type: kind.id }))
    const [a, b] = [
      await make('virtualization/clusters', clusters[0] ?? {}),
      await make('virtualization/clusters', clusters[1] ?? {}),
    ]
    const host = await device({ cluster: a.id })
    await make('virtualization/virtual-machines', { name: named().name, cluster: a.id, device: host.id })

    const { status, body } = await api.call('PATCH', `/api/dcim/devices/${host.id}/`, {
      body: { cluster: b.id },
    })

    expect([status, body]).toMatchObject([400, { cluster: [expect.stringContaining('virtual machines')] }])
  })

  test('the site of a device, and the device of an interface, where a circuit ends', async () => {
    const { site, other, device } = await ground()
    const provider = await make('circuits/providers', named())
    const kind = await make('circuits/circuit-types', named())
    const circuit = await make('circuits/circuits', {
      cid: named().name,
      provider: provider.id,
      type: kind.id,
    })
    const [router, spare] = [await device({}), await device({})]
    const port = await make('dcim/interfaces', { device: router.id, name: 'e1' })
    await make('circuits/circuit-terminations', {
      circuit: circuit.id,
      term_side: 'A',
      site: site.id,
      interface: port.id,
    })

    const moved = await api.call('PATCH', `/api/dcim/devices/${router.id}/`, { body: { site: other.id } })
    const given = await api.call('PATCH', `/api/dcim/interfaces/${port.id}/`, { body: { device: spare.id } })

    expect([moved.status, moved.body]).toMatchObject([
      400,
      { site: [expect.stringContaining('circuit terminations')] },
    ])
    expect([given.status, given.body]).toMatchObject([
      400,
      { device: [expect.stringContaining('circuit terminations')] },
    ])
  })

  test('the type of an interface that others are members of', async () => {
    const { device } = await ground()
    const { id } = await device({})
    const lag = await make('dcim/interfaces', { device: id, name: 'po1', type: 'lag' })
    await make('dcim/interfaces', { device: id, name: 'e1', lag: lag.id })

    const { status, body } = await api.call('PATCH', `/api/dcim/interfaces/${lag.id}/`, {
      body: { type: 'virtual' },
    })

    expect([status, body]).toMatchObject([400, { type: [expect.stringContaining('interfaces')] }])
  })

  test('the height of a rack, which may grow', async () => {
    const { site, device } = await ground()
    const rack = await make('dcim/racks', { name: named().name, site: site.id, u_height: 10 })
    await device({ rack: rack.id, position: 10, face: 'front' })
    const set = (u_height: number) => api.call('PATCH', `/api/dcim/racks/${rack.id}/`, { body: { u_height } })

    const [grown, shrunk] = [await set(12), await set(10)]

    expect([grown.status, grown.body]).toMatchObject([200, { u_height: 12 }])
    expect([shrunk.status, shrunk.body]).toMatchObject([
      400,
      { u_height: [expect.stringContaining('devices')] },
    ])
    await device({ rack: rack.id, position: 12, face: 'front' })
  })

  test('that the devices of a role are access points', async () => {
    const { device } = await ground()
    const role = await make('dcim/device-roles', { ...named(), access_point: false })
    const set = (access_point: boolean) =>
      api.call('PATCH', `/api/dcim/device-roles/${role.id}/`, { body: { access_point } })
    await device({ role: role.id })

    const on = await set(true)
    await device({ role: role.id, ap_mode: 'local' })
    const off = await set(false)

    expect(on.status).toBe(200)
    expect([off.status, off.body]).toMatchObject([
      400,
      { access_point: [expect.stringContaining('devices')] },
    ])
  })
})

test('a location goes, and what stood in it stays in the site: racks, the default one, and the devices in them', async () => {
  const { site, device } = await ground()
  const location = await make('dcim/locations', { ...named(), site: site.id })
  const rack = await make('dcim/racks', {
    name: named().name,
    site: site.id,
    location: location.id,
    is_default: true,
  })
  const placed = await device({ rack: rack.id, position: 3, face: 'front' })

  const gone = await api.call('DELETE', `/api/dcim/locations/${location.id}/`)

  const after = await api.call('GET', `/api/dcim/racks/${rack.id}/`)
  const standing = await api.call('GET', `/api/dcim/devices/${placed.id}/`)
  expect([gone.status, gone.body]).toEqual([204, undefined])
  expect(after.body).toMatchObject({ location: null, is_default: false, site: { id: site.id } })
  expect(standing.body).toMatchObject({ location: null, rack: { id: rack.id }, position: 3 })
})
