import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json, TestApi } from '../support/api.ts'
import { startObserved, type Observed } from '../support/observed.ts'

type Conflict = Json & { device: { id: number; name: string }; field: string; observed: string }
type Page = { count: number; by_field: Json; by_state: Json; results: Conflict[] }
type Decided = { matched: number; done: number; failed: { device: { name: string }; errors: string[] }[] }
type Problem = { detail: string; code: string; count?: number }

let observed: Observed
let api: TestApi
let ids: Observed['ids']
const deviceOf: Observed['deviceOf'] = (...given) => observed.deviceOf(...given)
const says: Observed['says'] = (...given) => observed.says(...given)

const list = async (query: string): Promise<Page> =>
  (await api.call<Page>('GET', `/api/backups/conflicts/?${query}`)).body
const fieldsOf = async (id: number): Promise<string[]> =>
  (await list(`device_id=${id}`)).results.map(({ field }) => field)
const decide = (path: string, body: Json = {}) =>
  api.call<Problem & Json>('POST', `/api/backups/conflicts/${path}`, { body })
const deviceNow = async (id: number) => (await api.call<Json>('GET', `/api/dcim/devices/${id}/`)).body

beforeAll(async () => {
  observed = await startObserved()
  ;({ api, ids } = observed)
})

afterAll(() => observed?.stop())

describe('a conflict', () => {
  test('is there where the device says something else, and tells since when and how often', async () => {
    const { id, name } = await deviceOf({ serial: 'AAA1', tags: [ids['tag']] })
    const facts = { serial: 'BBB2', model: 'WS-C3850-24T', hostname: `${name}.example.net`, version: '16.9' }
    const first = await says(id, facts)
    const last = await says(id, facts)

    const { results } = await list(`device_id=${id}`)
    const filtered = await Promise.all(
      [
        'tag=core',
        'tag=core&field=name',
        'tag=core&field=serial&state=new&site=a&platform=ios',
        'tag=core&kind=missing',
      ].map(async (query) => (await list(query)).count),
    )

    expect(results).toEqual([
      {
        device: { id, name },
        site: ids['a'],
        field: 'serial',
        kind: 'differs',
        state: 'new',
        source: 'backup',
        inventory: 'AAA1',
        observed: 'BBB2',
        raw: 'serial: BBB2',
        run: first.run,
        first_seen: first.at,
        last_seen: last.at,
        count: 2,
        kept: null,
      },
    ])
    expect(filtered).toEqual([1, 0, 1, 0])
    expect((await deviceNow(id))['serial']).toBe('AAA1')
  })

  test('of an empty field is missing; a field that need not be filled is not', async () => {
    const { id } = await deviceOf({ platform: null })
    await says(id, { serial: 'CCC3', version: '16.9' }, { deviceType: 'cisco_nxos' })

    const { results } = await list(`device_id=${id}`)

    expect(results.map(({ field, kind, inventory, observed }) => [field, kind, inventory, observed])).toEqual(
      [
        ['serial', 'missing', null, 'CCC3'],
        ['platform', 'missing', null, 'cisco_nxos'],
      ],
    )
  })

  test('closes by itself, whoever of the two was changed, and opens again', async () => {
    const { id } = await deviceOf({ serial: 'DDD4', build: 'IOS-XE 16.9' })
    await says(id, { serial: 'EEE5', version: '17.3' })
    const open = await fieldsOf(id)
    await says(id, { serial: 'EEE5', version: '16.9' })
    const half = await fieldsOf(id)
    await api.call('PATCH', `/api/dcim/devices/${id}/`, { body: { serial: 'eee 5' } })
    const closed = await fieldsOf(id)
    await api.call('PATCH', `/api/dcim/devices/${id}/`, { body: { serial: 'FFF6' } })

    expect([open, half, closed, await fieldsOf(id)]).toEqual([
      ['serial', 'build'],
      ['serial'],
      [],
      ['serial'],
    ])
  })

  test('goes with its device', async () => {
    const { id } = await deviceOf({ serial: 'GGG7' })
    await says(id, { serial: 'HHH8' })
    await api.call('DELETE', `/api/dcim/devices/${id}/`)

    expect((await list('field=serial&limit=1000')).results.filter(({ device }) => device.id === id)).toEqual(
      [],
    )
    expect((await api.call('GET', `/api/backups/observations/${id}/`)).status).toBe(404)
  })
})

describe('accepting', () => {
  test('writes what the device says, as every write, and is refused where it says something else by now', async () => {
    const { id, name } = await deviceOf({ serial: 'III9', platform: ids['nxos'] })
    const { run } = await says(id, {
      serial: 'JJJ10',
      model: 'ws-c3850-48t',
      hostname: `other-${name}.example.net`,
    })

    const stale = await decide(`${id}/serial/accept/`, { observed: 'III9' })
    const done = []
    for (const field of ['name', 'serial', 'device_type', 'platform'])
      done.push(await decide(`${id}/${field}/accept/`, { reason: 'swapped' }))
    const again = await decide(`${id}/serial/accept/`)

    expect([stale.status, again.status]).toEqual([412, 404])
    expect(done.map(({ status, body }) => [status, body['inventory']])).toEqual([
      [200, `other-${name}`],
      [200, 'JJJ10'],
      [200, 'Catalyst 3850-48T'],
      [200, 'IOS'],
    ])
    expect(await deviceNow(id)).toMatchObject({
      name: `other-${name}`,
      serial: 'JJJ10',
      device_type: { id: ids['t48'] },
      platform: { id: ids['ios'] },
    })
    const changes = await api.call<{ results: Json[] }>(
      'GET',
      `/api/core/object-changes/?changed_object_type=dcim.device&changed_object_id=${id}`,
    )
    expect(
      changes.body.results.filter((one) => one['message'] === `Accepted from backup run ${run}: swapped`),
    ).toHaveLength(4)
    expect(await fieldsOf(id)).toEqual([])
  })

  test('says what is in the way: a type that is not there, a name that another has', async () => {
    const [one, other] = [await deviceOf(), await deviceOf()]
    await says(one.id, { model: 'C9999-1', hostname: other.name })

    const [type, name] = [
      await decide(`${one.id}/device_type/accept/`),
      await decide(`${one.id}/name/accept/`),
    ]

    expect([type.status, name.status]).toEqual([400, 400])
    expect(JSON.stringify(type.body)).toContain(
      'No device type has the model, part number or slug \\"C9999-1\\"',
    )
    expect((await fieldsOf(one.id)).toSorted()).toEqual(['device_type', 'name'])
  })

  test('by twenty at once writes once', async () => {
    const { id } = await deviceOf({ serial: 'KKK11' })
    await says(id, { serial: 'LLL12' })

    const answers = await Promise.all(Array.from({ length: 20 }, () => decide(`${id}/serial/accept/`)))

    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => ![200, 404, 412].includes(status))).toEqual([])
    expect(await deviceNow(id)).toMatchObject({ serial: 'LLL12', _version: 2 })
  })

  test('in bulk needs the right count, does what can be done and names the rest', async () => {
    const devices = await Promise.all(['b', 'b', 'b'].map(() => deviceOf({ site: ids['b'] })))
    for (const [index, { id, name }] of devices.entries())
      await says(id, {
        serial: `M${index}`,
        hostname: index === 0 ? (devices[1]?.name ?? '') : name,
        model: 'C3850-48T',
      })

    const none = await decide('accept/?site=b')
    const wrong = await decide('accept/?site=b&expect_count=6')
    const untouched = (await list('site=b')).count
    const { body } = await decide('accept/?site=b&expect_count=7')

    expect([none.status, wrong.status, wrong.body.count, untouched]).toEqual([400, 409, 7, 7])
    const decided = body as unknown as Decided
    expect([decided.matched, decided.done]).toEqual([7, 6])
    expect(decided.failed).toMatchObject([{ device: { name: devices[0]?.name }, field: 'name' }])
    expect(await list('site=b')).toMatchObject({ count: 1, by_field: { name: 1 }, by_state: { new: 1 } })
  })
})

describe('keeping the inventory', () => {
  test('ignores what the device says until it says something else', async () => {
    const { id } = await deviceOf({ serial: 'NNN13' })
    await says(id, { serial: 'OOO14' })

    const kept = await decide(`${id}/serial/keep/`, { reason: 'label of the chassis' })
    await says(id, { serial: 'OOO14', version: '1.0' })
    const ignored = await list(`device_id=${id}`)
    const asNew = await list(`device_id=${id}&state=new`)
    await says(id, { serial: 'PPP15' })
    await says(id, { serial: 'OOO14' })
    const back = await list(`device_id=${id}`)

    expect(kept.body).toMatchObject({
      state: 'ignored',
      kept: { by: 'admin', reason: 'label of the chassis' },
    })
    expect(ignored.results).toMatchObject([{ state: 'ignored', inventory: 'NNN13', observed: 'OOO14' }])
    expect(asNew.count).toBe(0)
    expect(back.results).toMatchObject([{ state: 'new', kept: null }])
  })

  test('in bulk holds for each field of a device', async () => {
    const { id } = await deviceOf({ site: ids['c'], serial: 'QQQ16' })
    await says(id, { serial: 'RRR17', hostname: 'else', model: 'X1' })

    const { body } = await decide('keep/?site=c&expect_count=3', { reason: 'known' })

    expect(body).toMatchObject({ matched: 3, done: 3, failed: [] })
    expect((await list('site=c')).by_state).toEqual({ ignored: 3 })
  })
})

test('what devices say is shown with their state, listed, and counted by model and version', async () => {
  const site = ids['d']
  const devices = [
    await deviceOf({ site }),
    await deviceOf({ site }),
    await deviceOf({ site }),
    await deviceOf({ site }),
  ]
  for (const [index, { id }] of devices.slice(0, 3).entries())
    await says(id, { model: 'C3850-24T', version: index === 0 ? '=17.3' : '16.9' })

  const state = await api.call<Json>('GET', `/api/backups/devices/${devices[0]?.id}/state/`)
  const report = await api.call<Json>('GET', '/api/backups/facts/?site=d')
  const csv = await api.call<string>('GET', '/api/backups/facts/?site=d&export=csv')
  const old = await api.call<{ count: number }>('GET', '/api/backups/observations/?site=d&os_version=16.9')
  const conflicts = await api.call<string>('GET', '/api/backups/conflicts/?site=d&export=csv')

  expect(state.body['facts']).toMatchObject({
    os_version: { value: '=17.3', raw: 'version: =17.3', count: 1 },
    driver: { value: 'cisco_ios' },
  })
  expect(report.body).toMatchObject({
    count: 2,
    devices: 4,
    observed: 3,
    results: [
      {
        platform: { id: ids['ios'], name: 'IOS' },
        driver: 'cisco_ios',
        model: 'C3850-24T',
        os_version: '16.9',
        devices: 2,
      },
      { os_version: '=17.3', devices: 1 },
    ],
  })
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(csv.body).toBe(
    `platform.id,platform.name,driver,model,os_version,devices\r\n${ids['ios']},IOS,cisco_ios,C3850-24T,16.9,2\r\n${ids['ios']},IOS,cisco_ios,C3850-24T,'=17.3,1\r\n`,
  )
  expect(old.body.count).toBe(2)
  expect(conflicts.body).toBe(
    'device.id,device.name,site,field,kind,state,source,inventory,observed,raw,run,first_seen,last_seen,count,kept.by,kept.at,kept.reason\r\n',
  )
})

test('a list of conflicts comes as a file too', async () => {
  const { id, name } = await deviceOf({ site: ids['d'], serial: '=1+1' })
  const { run, at } = await says(id, { serial: 'SSS18' })
  await decide(`${id}/serial/keep/`, { reason: 'known, and said' })

  const { body } = await api.call<string>('GET', `/api/backups/conflicts/?device_id=${id}&export=csv`)

  const [, line = ''] = body.split('\r\n')
  const seen = `'=1+1,SSS18,serial: SSS18,${run},${at},${at},1`
  expect(line).toMatch(new RegExp(`^${id},${name},${ids['d']},serial,differs,ignored,backup,`))
  expect(line).toContain(seen)
  expect(line).toMatch(/,admin,[^,]+,"known, and said"$/)
})
