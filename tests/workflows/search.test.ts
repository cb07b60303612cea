import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as z from 'zod'
import type { Lab } from '../../local/lab/lab.ts'
import type { configSearchRoutes } from '../../shared/backups/search/routes.ts'
import { backUp, endOfRun, labOf, loadDevices, placeLab, startRun } from '../support/backups.ts'
import { startProduct, type Product } from '../support/product.ts'

type Answer = z.output<(typeof configSearchRoutes)['searchConfigs']['response']>

let product: Product
let lab: Lab
let ids: Map<string, number>

const families = ['cisco_ios', 'arista_eos', 'juniper_junos', 'huawei_vrp']

beforeAll(async () => {
  const devices = Array.from({ length: 16 }, (_, index) => ({
    name: `sw${String(index).padStart(2, '0')}`,
    deviceType: families[index % families.length] ?? 'cisco_ios',
    index,
    interfaces: 8,
  }))
  ;[product, lab] = await Promise.all([startProduct(), labOf(devices)])
  ids = await loadDevices(product.api, placeLab(lab))
  await backUp(product.api)
})
afterAll(async () => {
  await Promise.all([product?.stop(), lab?.stop()])
})

const ask = (query: Record<string, string>, token = product.token): Promise<Response> =>
  fetch(`${product.runtime.url}/api/backups/search/?${new URLSearchParams(query).toString()}`, {
    headers: { authorization: `Token ${token}` },
  })

async function search(query: Record<string, string>): Promise<Answer> {
  const response = await ask(query)
  expect(response.status).toBe(200)
  return (await response.json()) as Answer
}

const namesIn = ({ results }: Answer): string[] => results.map(({ device: { name } }) => name).sort()

describe('after a run the search', () => {
  test('finds in every configuration the line that its text has there', async () => {
    const { results, stopped, after } = await search({ q: 'hostname', case: '0', context: '1' })

    expect([stopped, after]).toEqual([null, null])
    expect(results.length).toBeGreaterThanOrEqual(8)
    for (const { device, version, lines } of results) {
      const path = `/api/backups/devices/${device.id}/versions/${version}/text/`
      const text = await fetch(`${product.runtime.url}${path}`, {
        headers: { authorization: `Token ${product.token}` },
      })
      const stored = (await text.text()).split('\n')
      for (const line of lines) expect(stored[line.number - 1]).toBe(line.text)
      const marked = lines.flatMap(({ text, matches }) => matches.map(([from, to]) => text.slice(from, to)))
      expect(marked[0]?.toLowerCase()).toBe('hostname')
    }
  })

  test('goes by pages, by platform and by expression', async () => {
    const whole = await search({ q: '^hostname sw0\\d$', regex: '1', platform: 'cisco_ios' })
    const first = await search({ q: '^hostname sw0\\d$', regex: '1', platform: 'cisco_ios', limit: '2' })
    const rest = await search({
      q: '^hostname sw0\\d$',
      regex: '1',
      platform: 'cisco_ios',
      after: first.after ?? '',
    })

    expect(namesIn(whole)).toEqual(['sw00', 'sw04', 'sw08'])
    expect(first.stopped).toBe('page')
    expect([...namesIn(first), ...namesIn(rest)].sort()).toEqual(namesIn(whole))
  })

  test('answers an expression that would keep a backtracking engine busy, and refuses a bad one saying where', async () => {
    const endless = await search({ q: '^(([a-z ])+.)+[A-Z]([a-z ])+$', regex: '1' })
    const bad = await ask({ q: 'vlan (10|20', regex: '1' })

    expect(endless.stopped).toBeNull()
    expect(bad.status).toBe(400)
    expect(await bad.json()).toMatchObject({
      code: 'validation_failed',
      detail: expect.stringContaining('missing closing )'),
    })
  })

  test('refuses what is no parameter, and who has no token', async () => {
    const typo = await ask({ q: 'x', sites: 'ams' })
    const stranger = await ask({ q: 'x' }, 'nobody')

    expect([typo.status, stranger.status]).toEqual([400, 401])
    expect(JSON.stringify(await typo.json())).toContain('site')
  })

  test('reads the table by keys only, and each part of the index once', async () => {
    await search({ q: 'absent everywhere' })
    product.calls()

    await search({ q: 'absent again' })

    const calls = product.calls()
    expect(calls.get('s3:GetObject search/')).toBeUndefined()
    expect(calls.get('dynamodb:Scan')).toBeUndefined()
    expect(calls.get('dynamodb:Query')).toBeLessThanOrEqual(6)
  })
})

describe('a changed device', () => {
  test('is found by its new text, and in the history by the old one', async () => {
    lab.devices.find(({ name }) => name === 'sw04')?.change('ntp server 192.0.2.77')
    const run = await backUp(product.api)
    expect(run).toMatchObject({ status: { value: 'success' }, changed: 1 })

    const now = await search({ q: 'ntp server 192.0.2.77' })
    const past = await search({ q: 'hostname sw04', history: '1', platform: 'cisco_ios' })

    expect(now.results).toMatchObject([{ device: { id: ids.get('sw04') }, version: 2, count: 1 }])
    expect(past.results.map(({ device: { name }, version }) => [name, version])).toEqual([
      ['sw04', 2],
      ['sw04', 1],
    ])
  })

  test('is shown by a search in mid run as it was or as it is, never in part', async () => {
    const texts = new Set<string>()
    for (const [name, id] of ids) if (name === 'sw08') texts.add(await newestText(id))
    lab.devices.forEach((device) => device.change())

    const run = await startRun(product.api)
    const seen = new Set<string>()
    const under = { way: true }
    const ending = endOfRun(product.api, run).finally(() => {
      under.way = false
    })
    while (under.way) seen.add(await foundText('sw08'))
    await ending
    seen.add(await foundText('sw08'))
    texts.add(await newestText(ids.get('sw08') ?? 0))

    expect(texts.size).toBe(2)
    expect([...seen].filter((text) => !texts.has(text))).toEqual([])
    expect(seen.has([...texts][1] ?? '')).toBe(true)
  })

  test('is gone from the search with its deletion', async () => {
    const id = ids.get('sw12') ?? 0
    const deleted = await fetch(`${product.runtime.url}/api/dcim/devices/${id}/`, {
      method: 'DELETE',
      headers: { authorization: `Token ${product.token}` },
    })
    expect(deleted.status).toBe(204)

    expect(namesIn(await search({ q: 'sw12' }))).not.toContain('sw12')
    expect((await search({ q: 'sw12', history: '1' })).results).toEqual([])
  })
})

const newestText = async (id: number): Promise<string> => {
  const response = await fetch(`${product.runtime.url}/api/backups/devices/${id}/versions/latest/text/`, {
    headers: { authorization: `Token ${product.token}` },
  })
  return response.text()
}

/** The whole text, as the search shows it. */
async function foundText(name: string): Promise<string> {
  const { results } = await search({ q: '.*', regex: '1', name, lines: '100' })
  const [found] = results
  expect(found?.count).toBe(found?.lines.length)
  return (found?.lines ?? []).map(({ text }) => `${text}\n`).join('')
}
