import { assert, asyncProperty, boolean, constantFrom, integer, record } from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configSearchRoutes } from '../../../shared/backups/search/routes.ts'
import { searchConfigs } from '../../../shared/backups/search/search-configs.ts'
import { shardReader } from '../../../shared/backups/search/shards.ts'
import { site } from '../../../shared/dcim/models/site.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import { createRows } from '../../../shared/model/records.ts'
import { actor } from '../../support/engine.ts'
import { makeDevice, makeGround } from '../../support/inventory.ts'
import {
  searchAll,
  startStoredConfigs,
  type StoredConfigs,
  type StoredDevice,
} from '../../support/stored-configs.ts'

let configs: StoredConfigs
/** By device, its stored texts, oldest first. */
const texts = new Map<number, string[]>()
const devices: StoredDevice[] = []
let otherSite = 0

/** What repeats and what does not; lines that begin, hold and end alike. */
const lineOf = (n: number, k: number): string =>
  [
    '!',
    `interface Vlan${k % 7}`,
    ` description floor ${k % 5} Port ${n}`,
    ` ip address 10.${n % 4}.${k % 9}.1 255.255.255.0`,
    ' no shutdown',
    `ntp server 192.0.2.${(n * k) % 11}`,
    ` description größe ${k % 3} 東京`,
  ][(n * 3 + k * 5) % 7] ?? '!'

beforeAll(async () => {
  configs = await startStoredConfigs()
  const { engine } = configs
  const ground = await makeGround(engine)
  const [other] = await createRows(engine, site, [{ name: 'other', slug: 'other' }], { actor })
  otherSite = other?.id ?? 0
  for (let n = 0; n < 30; n += 1) {
    const place = n % 3 === 0 ? { ...ground, site: otherSite } : ground
    const id = await makeDevice(engine, place, { name: `sw${n}` })
    devices.push({ id, name: `sw${n}` })
    texts.set(id, [])
    for (let version = 0; version < 1 + (n % 3); version += 1) {
      const lines = Array.from({ length: 20 + n }, (_, k) => lineOf(n + version * 13, k))
      const text = [`hostname sw${n}`, ...lines, `end of ${version}`, ''].join('\n')
      texts.get(id)?.push(text)
      const run = { runId: version + 1, at: new Date(Date.UTC(2026, 10, 1 + version)) }
      await configs.store({ id, name: `sw${n}` }, text, run)
    }
  }
  await configs.index()
})

afterAll(() => configs?.stop())

type Wanted = { device: number; version: number; count: number; lines: string[] }

/** grep, line by line. */
function grep(
  stored: Iterable<[number, number, string]>,
  test: (line: string) => boolean,
  context: number,
): Wanted[] {
  return [...stored].flatMap(([id, version, text]): Wanted[] => {
    const lines = text.trimEnd().split('\n')
    const hits = lines.flatMap((line, index) => (test(line) ? [index] : []))
    const near = (index: number): boolean => hits.some((hit) => Math.abs(hit - index) <= context)
    const shown = lines.flatMap((line, index) => (near(index) ? [`${index + 1} ${line}`] : []))
    return hits.length === 0 ? [] : [{ device: id, version, count: hits.length, lines: shown }]
  })
}

const newest = (): [number, number, string][] =>
  [...texts].map(([id, stored]) => [id, stored.length, stored.at(-1) ?? ''])
const every = (): [number, number, string][] =>
  [...texts].flatMap(([id, stored]) =>
    stored.map((text, index): [number, number, string] => [id, index + 1, text]).toReversed(),
  )

const shown = (results: Awaited<ReturnType<typeof searchAll>>): Wanted[] =>
  results.map(({ device: { id }, version, count, lines }) => ({
    device: id,
    version,
    count,
    lines: lines.map(({ number, text }) => `${number} ${text}`),
  }))
const inOrder = (found: Wanted[]): Wanted[] => found.toSorted((a, b) => a.device - b.device)

const words = constantFrom(
  'description',
  'port',
  'PORT 1',
  '10.1.',
  '.1 255',
  'größe',
  'GRÖSSE',
  '東京',
  'sw1',
  'end of',
  ' ',
  'absent',
  '!',
)
const expressions = constantFrom(
  '^!$',
  '10\\.[12]\\.\\d+\\.1',
  'port \\d$',
  '(?:floor|server) .*1',
  'sw(1|2)?\\d$',
  'x*',
  '^$',
  '東.$',
  'absent\\d',
)

describe('a search', () => {
  test('finds what grep finds, whatever is asked and however it is paged', async () => {
    const asked = record({
      regex: boolean(),
      word: words,
      expression: expressions,
      caseSensitive: boolean(),
      context: integer({ min: 0, max: 3 }),
      limit: constantFrom(4, 100),
      history: boolean(),
    })
    await assert(
      asyncProperty(asked, async ({ regex, word, expression, caseSensitive, context, limit, history }) => {
        const q = regex ? expression : word
        const flags = { regex: String(regex), case: String(caseSensitive), history: String(history) }

        const results = await searchAll(configs, {
          q,
          ...flags,
          context: String(context),
          limit: String(limit),
          lines: '100',
        })

        const wanted = new RegExp(regex ? q : RegExp.escape(q), caseSensitive ? 'u' : 'iu')
        const found = grep(history ? every() : newest(), (line) => wanted.test(line), context)
        expect(inOrder(shown(results))).toEqual(inOrder(found))
        for (const { lines } of results)
          for (const { text, matches } of lines)
            for (const [start, end] of matches) expect(text.slice(start, end)).toMatch(wanted)
      }),
      { numRuns: 80 },
    )
  })

  test('goes by filters of the device list, and refuses a value that is none', async () => {
    const ofSite = await searchAll(configs, { q: 'hostname', site: 'other' })
    const two = devices.slice(4, 6).map(({ id }) => id)
    const ofTwo = await searchAll(configs, { q: 'hostname', device_id: two.map(String) })

    expect(ofSite.map(({ device: { name } }) => name).sort()).toEqual(
      devices.flatMap(({ name }, n) => (n % 3 === 0 ? [name] : [])).sort(),
    )
    expect(new Set(ofTwo.map(({ device: { id } }) => id))).toEqual(new Set(two))
    await expect(configs.search({ q: 'x', site_id: 'none' })).rejects.toMatchObject({
      code: 'validation_failed',
    })
  })

  test('of the history keeps to the time that was asked for, newest version first', async () => {
    const [id = 0] = [...texts].find(([, stored]) => stored.length === 3) ?? []
    const ask = (query: Record<string, string>) =>
      searchAll(configs, { q: 'end of', history: '1', device_id: String(id), ...query })

    const all = await ask({})
    const second = await ask({ since: '2026-11-02T00:00:00Z', until: '2026-11-02T12:00:00+02:00' })

    expect(all.map(({ version }) => version)).toEqual([3, 2, 1])
    expect(second.map(({ version }) => version)).toEqual([2])
    await expect(configs.search({ q: 'x', since: '2026-11-02T00:00:00Z' })).rejects.toMatchObject({
      issues: [{ path: 'since' }],
    })
  })

  test('that takes too long answers what it has, and where it goes on', async () => {
    let clock = 0
    const slow = { ...configs.stores, now: () => new Date((clock += 300)) }
    const shards = shardReader({ table: configs.engine.table, work: configs.stores.work }, 0)
    const pages: number[] = []
    const ask = (query: Record<string, string>) =>
      searchConfigs({ ...slow, shards }, configSearchRoutes.searchConfigs.query.parse(query))

    const results = await searchAll(
      {
        search: async (query) => {
          const page = await ask(query as Record<string, string>)
          pages.push(page.searched)
          expect(page.stopped === 'time').toBe(page.after !== null)
          return page
        },
      },
      { q: 'hostname', seconds: '1' },
    )

    expect(results).toHaveLength(30)
    expect(pages.every((searched) => searched <= 4)).toBe(true)
    expect(pages.length).toBeGreaterThan(7)
  })

  test('refuses an "after" of something else', async () => {
    for (const after of ['x', 'c.1', 'h.1.2', 'c.1.2.3'])
      await expect(configs.search({ q: 'x', after })).rejects.toMatchObject({ issues: [{ path: 'after' }] })
  })

  test('shows of many matching lines as many as were asked for, and counts all', async () => {
    const [all] = (await configs.search({ q: '.', regex: '1', lines: '2', limit: '1' })).results

    expect(all?.lines.map(({ number }) => number)).toEqual([1, 2])
    expect(all?.count).toBeGreaterThan(20)
  })
})

describe('the current search', () => {
  test('forgets a deleted device at once', async () => {
    const { engine } = configs
    const [, first] = devices
    if (first === undefined) throw new Error('no device')
    await deleteRows(engine, device, [{ id: first.id }], { actor })

    const after = await searchAll(configs, { q: 'hostname' })

    expect(after.map(({ device: { id } }) => id)).not.toContain(first.id)
    texts.delete(first.id)
  })
})
