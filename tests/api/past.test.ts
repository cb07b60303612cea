import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Page = { count: number; next: string | null; results: Shown[]; facets?: Json }

let api: TestApi
const ids: Record<string, number> = {}
/** A moment between two writes. */
const times: Record<string, string> = {}

const create = async (path: string, body: Json): Promise<number> => {
  const answer = await api.call('POST', `/api/${path}/`, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body.id
}
const moment = async (name: string): Promise<void> => {
  await setTimeout(5)
  times[name] = new Date().toISOString()
  await setTimeout(5)
}

beforeAll(async () => {
  api = await startApi()
  await moment('start')
  ids['site'] = await create('dcim/sites', { name: 'Berlin', slug: 'berlin', tags: [] })
  ids['other'] = await create('dcim/sites', { name: 'Rome', slug: 'rome' })
  const role = await create('dcim/device-roles', { name: 'Router', slug: 'router' })
  const manufacturer = await create('dcim/manufacturers', { name: 'Acme', slug: 'acme' })
  const type = await create('dcim/device-types', { manufacturer, model: 'R1', slug: 'r1' })
  const device = { device_type: type, role, site: ids['site'] }
  ids['kept'] = await create('dcim/devices', { ...device, name: 'kept', serial: 'A' })
  ids['gone'] = await create('dcim/devices', { ...device, name: 'gone', status: 'planned' })
  await moment('made')
  await api.call('PATCH', `/api/dcim/devices/${ids['kept']}/`, { body: { serial: 'B', site: ids['other'] } })
  await api.call('PATCH', `/api/dcim/devices/${ids['kept']}/`, { body: { serial: 'C', name: 'renamed' } })
  await moment('changed')
  await api.call('PATCH', `/api/dcim/sites/${ids['site']}/`, { body: { name: 'Hamburg' } })
  await api.call('DELETE', `/api/dcim/devices/${ids['gone']}/`)
  ids['new'] = await create('dcim/devices', { ...device, name: 'new' })
})
afterAll(() => api.stop())

const list = async (path: string, query: string): Promise<Page> => {
  const { status, body } = await api.call<Page>('GET', `/api/dcim/${path}/?${query}`)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body
}
const names = async (query: string): Promise<string[]> =>
  (await list('devices', query)).results.map(({ name }) => name)

describe('a list at a time', () => {
  test('has the rows as they were, deleted ones included and later ones not', async () => {
    expect(await names(`at=${times['start']}`)).toEqual([])
    expect(await names(`at=${times['made']}`)).toEqual(['gone', 'kept'])
    expect(await names(`at=${times['changed']}`)).toEqual(['gone', 'renamed'])
    expect(await names('')).toEqual(['new', 'renamed'])
  })

  test.each([
    ['serial=A', ['kept']],
    ['serial=C', []],
    ['site=berlin', ['gone', 'kept']],
    ['site=rome', []],
    ['ordering=-name&limit=1', ['kept']],
    ['ordering=-name&limit=1&offset=1', ['gone']],
    ['status=planned', ['gone']],
    ['q=gone', ['gone']],
    ['manufacturer=acme', ['gone', 'kept']],
  ])('is filtered, ordered and paged as it was: %s', async (query, expected) => {
    expect(await names(`${query}&at=${times['made']}`)).toEqual(expected)
  })

  test('names what rows referred to by what it was called then, and counts it', async () => {
    const then = await list('devices', `name=kept&at=${times['made']}`)
    const sites = await list('sites', `at=${times['changed']}&fields=name,device_count`)
    const facets = await list('devices', `at=${times['made']}&facets=site`)

    expect(then.results[0]).toMatchObject({ site: { id: ids['site'], name: 'Berlin' }, serial: 'A' })
    expect(sites.results).toEqual([
      { name: 'Berlin', device_count: 1 },
      { name: 'Rome', device_count: 1 },
    ])
    expect(facets.facets).toEqual({ site: [{ id: ids['site'], display: 'Berlin', count: 2 }] })
  })

  test('keeps its time from page to page', async () => {
    const { next } = await list('devices', `at=${times['made']}&limit=1`)

    expect(decodeURIComponent(next ?? '')).toContain(`at=${times['made']}`)
  })
})

describe('an object at a time', () => {
  const at = async (id: string, time: string): Promise<Shown> =>
    (await api.call('GET', `/api/dcim/devices/${ids[id]}/?at=${times[time]}`)).body

  test('is as it was, with its version and its time', async () => {
    const now = await api.call('GET', `/api/dcim/devices/${ids['kept']}/`)
    const made = await at('kept', 'made')
    const changed = await at('kept', 'changed')

    expect(made).toMatchObject({ name: 'kept', serial: 'A', _version: 1, site: { name: 'Berlin' } })
    expect(made['last_updated']).toBe(made['created'])
    expect(changed).toMatchObject({ name: 'renamed', serial: 'C', _version: 3, site: { name: 'Rome' } })
    expect(changed).toEqual(now.body)
  })

  test('is there although it was deleted since', async () => {
    expect(await at('gone', 'changed')).toMatchObject({ name: 'gone', status: { value: 'planned' } })
  })

  test.each([
    ['new', 'changed'],
    ['kept', 'start'],
  ])('is not found before it was made: %s at %s', async (id, time) => {
    const answer = await api.call('GET', `/api/dcim/devices/${ids[id]}/?at=${times[time]}`)

    expect(answer.status).toBe(404)
    expect(answer.body['detail']).toContain(String(times[time]))
  })
})

test.each([
  ['at=2099-01-01T00:00:00Z', 'has not come'],
  ['at=2025-12-31T23:59:59Z', 'Nothing was recorded before'],
  ['at=yesterday', 'time'],
  ['at=2026-11-01&at=2026-11-02', 'One time'],
])('?%s is refused', async (query, words) => {
  for (const path of ['devices/', `devices/${ids['kept']}/`]) {
    const { status, body } = await api.call('GET', `/api/dcim/${path}?${query}`)

    expect(status).toBe(400)
    expect(body['detail']).toContain(words)
  }
})
