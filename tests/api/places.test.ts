import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Shown, type TestApi } from '../support/api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

let count = 0

const make = async (path: string, body: object): Promise<Shown> => {
  const { status, body: made } = await api.call(`POST`, path, { body })
  expect([status, made]).toEqual([201, made])
  return made
}

async function ground() {
  const name = `g${++count}`
  const named = { name, slug: name }
  const site = await make('/api/dcim/sites/', named)
  const other = await make('/api/dcim/sites/', { name: `${name}-other`, slug: `${name}-other` })
  const role = await make('/api/dcim/device-roles/', named)
  const maker = await make('/api/dcim/manufacturers/', named)
  const location = await make('/api/dcim/locations/', { ...named, site: site.id })
  const rack = await make('/api/dcim/racks/', { name, site: site.id, location: location.id, u_height: 48 })
  const type = (u_height: number, is_full_depth: boolean) =>
    make('/api/dcim/device-types/', {
      manufacturer: maker.id,
      model: `${name}-${u_height}-${is_full_depth}`,
      slug: `${name}-${u_height * 2}-${is_full_depth}`,
      u_height,
      is_full_depth,
    })
  const place = (device_type: Shown, values: object) =>
    api.call('POST', '/api/dcim/devices/', {
      body: {
        name: `d${++count}`,
        site: site.id,
        role: role.id,
        device_type: device_type.id,
        rack: rack.id,
        ...values,
      },
    })
  return { site, other, role, location, rack, type, place }
}

describe('a device in a rack', () => {
  test('takes its units on both faces when it is of full depth, else on its own', async () => {
    const { type, place } = await ground()
    const [full, half] = [await type(2, true), await type(1, false)]

    const first = await place(full, { position: 10, face: 'front' })
    const behind = await place(half, { position: 11, face: 'rear' })
    const above = await place(half, { position: 12, face: 'rear' })
    const opposite = await place(half, { position: 12, face: 'front' })

    expect(first.status).toBe(201)
    expect(behind).toMatchObject({
      status: 400,
      body: { position: ['Unit 11 of the rack is taken on this face.'] },
    })
    expect([above.status, opposite.status]).toEqual([201, 201])
  })

  test('may take half a unit, beside another half', async () => {
    const { type, place } = await ground()
    const half = await type(0.5, true)

    const answers = [
      await place(half, { position: 3, face: 'front' }),
      await place(half, { position: 3.5, face: 'front' }),
      await place(half, { position: 3.5, face: 'front' }),
      await place(half, { position: 3.2, face: 'front' }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 400, 400])
    expect(answers[3]?.body).toMatchObject({ position: [expect.stringContaining('halves')] })
  })

  test('may be as tall as the rack, and gives its units back when it moves or goes', async () => {
    const { type, place, rack } = await ground()
    const [tall, small] = [await type(48, true), await type(1, true)]
    const { body: device } = await place(tall, { position: 1, face: 'front' })

    const blocked = await place(small, { position: 48, face: 'front' })
    const tooHigh = await api.call('PATCH', `/api/dcim/devices/${device.id}/`, { body: { position: 2 } })
    const taken = await api.call('PATCH', `/api/dcim/devices/${device.id}/`, {
      body: { position: null, face: null },
    })
    const free = await place(small, { position: 48, face: 'front' })
    await api.call('DELETE', `/api/dcim/devices/${free.body.id}/`)
    const again = await place(small, { position: 48, face: 'front' })

    expect([blocked.status, tooHigh.status, taken.status, free.status, again.status]).toEqual([
      400, 400, 200, 201, 201,
    ])
    expect(tooHigh.body).toMatchObject({
      position: ['48 units from 2 do not fit: the rack has units 1 to 48.'],
    })
    expect(device).not.toHaveProperty('rack_slots')
    expect(rack.id).toBeGreaterThan(0)
  })

  test('may come with many others in one request, front and rear of the same unit included', async () => {
    const { type, place: _, site, role, rack } = await ground()
    const half = await type(1, false)
    const body = Array.from({ length: 40 }, (_, index) => ({
      name: `b${++count}`,
      site: site.id,
      role: role.id,
      device_type: half.id,
      rack: rack.id,
      position: 1 + Math.floor(index / 2),
      face: index % 2 === 0 ? 'front' : 'rear',
    }))

    const { status } = await api.call('POST', '/api/dcim/devices/', { body })
    const again = await api.call('POST', '/api/dcim/devices/', {
      body: body.slice(0, 3).map((one) => ({ ...one, name: `b${++count}` })),
    })

    expect(status).toBe(201)
    expect(again).toMatchObject({ status: 400, body: { errors: [{ index: 0 }, { index: 1 }, { index: 2 }] } })
  })

  test('of sixteen who want one unit at once exactly one gets it', async () => {
    const { type, place } = await ground()
    const one = await type(1, true)

    const answers = await Promise.all(
      Array.from({ length: 16 }, () => place(one, { position: 5, face: 'front' })),
    )

    const won = answers.filter(({ status }) => status === 201)
    expect(won).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(15)
  })

  test('keeps its type from growing while it stands', async () => {
    const { type, place } = await ground()
    const one = await type(1, true)
    await place(one, { position: 5, face: 'front' })

    const { status, body } = await api.call('PATCH', `/api/dcim/device-types/${one.id}/`, {
      body: { u_height: 4 },
    })

    expect([status, body]).toMatchObject([400, { u_height: [expect.stringContaining('devices refer')] }])
  })
})

describe('a place', () => {
  test('of a location decides the site on creation; later both must agree', async () => {
    const { site, other, location, rack, type, place } = await ground()
    const one = await type(1, true)

    const created = await place(one, { site: other.id, location: location.id })
    const moved = await api.call('PATCH', `/api/dcim/devices/${created.body.id}/`, {
      body: { site: other.id },
    })

    expect(created.body).toMatchObject({ site: { id: site.id }, location: { id: location.id } })
    expect(moved.status).toBe(400)
    expect(rack['location']).toMatchObject({ id: location.id })
  })

  test('of a rack gives a device its location', async () => {
    const { location, type, place } = await ground()
    const one = await type(1, true)

    const { body } = await place(one, {})

    expect(body).toMatchObject({ location: { id: location.id } })
  })

  test('cannot be carried to another site from below what stands in it', async () => {
    const { other, location } = await ground()

    const { status, body } = await api.call('PATCH', `/api/dcim/locations/${location.id}/`, {
      body: { site: other.id },
    })

    expect([status, body]).toMatchObject([400, { site: [expect.stringContaining('racks')] }])
  })

  test('never is its own parent, however many move at once', async () => {
    const { site } = await ground()
    const names = ['a', 'b', 'c', 'd'].map((name) => `${name}${++count}`)
    const rows = await Promise.all(
      names.map((name) => make('/api/dcim/locations/', { name, slug: name, site: site.id })),
    )

    const answers = await Promise.all(
      rows.map((row, index) =>
        api.call('PATCH', `/api/dcim/locations/${row.id}/`, {
          body: { parent: rows[(index + 1) % rows.length]?.id },
        }),
      ),
    )

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(1)
  })
})

describe('an interface', () => {
  test('is the only primary one of its device, and lends it the time it was seen', async () => {
    const { type, place } = await ground()
    const { body: device } = await place(await type(1, true), {})
    const port = (name: string, values: object) =>
      api.call('POST', '/api/dcim/interfaces/', { body: { device: device.id, name, ...values } })

    const first = await port('e1', {
      is_primary: true,
      last_seen: '2026-11-02T08:00:00Z',
      mac_address: '001b.4411.3ab7',
    })
    const second = await port('e2', { is_primary: true })
    await port('e3', { last_seen: '2026-11-01T08:00:00Z' })
    const { body } = await api.call('GET', `/api/dcim/devices/${device.id}/`)

    expect(first.body).toMatchObject({ mac_address: '00:1B:44:11:3A:B7', device: { name: device.name } })
    expect(second).toMatchObject({ status: 400, body: { is_primary: [expect.any(String)] } })
    expect(body['last_seen']).toBe('2026-11-02T08:00:00.000Z')
  })

  test('goes with its device', async () => {
    const { type, place } = await ground()
    const { body: device } = await place(await type(1, true), {})
    const port = await make('/api/dcim/interfaces/', { device: device.id, name: 'e1' })

    const gone = await api.call('DELETE', `/api/dcim/devices/${device.id}/`)

    expect(gone.status).toBe(204)
    expect((await api.call('GET', `/api/dcim/interfaces/${port.id}/`)).status).toBe(404)
  })
})

describe('an access point', () => {
  test('alone has the fields of one, and loses them with its role', async () => {
    const { type, place } = await ground()
    const name = `ap${++count}`
    const ap = await make('/api/dcim/device-roles/', { name, slug: name, access_point: true })
    const other = await make('/api/dcim/device-roles/', { name: `no-${name}`, slug: `no-${name}` })
    const one = await type(0, false)

    const refused = await place(one, { ap_mode: 'mesh', rack: null })
    const taken = await place(one, { ap_mode: 'mesh', role: ap.id, rack: null })
    const changed = await api.call('PATCH', `/api/dcim/devices/${taken.body.id}/`, {
      body: { role: other.id },
    })

    expect(refused).toMatchObject({ status: 400, body: { ap_mode: [expect.any(String)] } })
    expect(taken.body).toMatchObject({ ap_mode: { value: 'mesh' } })
    expect(changed.body['ap_mode']).toBeNull()
  })
})
