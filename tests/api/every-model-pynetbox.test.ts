import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Model } from '../../shared/model/define.ts'
import { shownNames } from '../../shared/model/output.ts'
import { registry } from '../../shared/models.ts'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'
import { isPynetboxThere, runPython } from '../support/pynetbox.ts'
import { createWorld, listUrl } from '../support/rows/world.ts'

/** Driven by the registry: a model that is added tomorrow is read by pynetbox as well. */
const seed = 20_261_127
/** Rows of one model; the rows they refer to come on top. */
const rowsEach = 3
type Page = { count: number; results: Shown[] }

let api: TestApi
const answers = new Map<string, { listed: Page; details: Shown[] }>()

beforeAll(async () => {
  api = await startApi()
  const world = createWorld(api, seed)
  for (const model of registry.all) for (let row = 0; row < rowsEach; row++) await world.create(model)
  for (const model of registry.all) answers.set(model.name, await answersOf(model))
}, 300_000)
afterAll(() => api.stop())

async function answersOf(model: Model): Promise<{ listed: Page; details: Shown[] }> {
  const { body: listed } = await api.call<Page>('GET', `${listUrl(model)}?limit=0`)
  const shown = listed.results.slice(0, rowsEach)
  const details = shown.map(async ({ id }) => (await api.call('GET', `${listUrl(model)}${id}/`)).body)
  return { listed, details: await Promise.all(details) }
}

const models = registry.all.map((model) => [model.name, model] as const)

describe.each(models)('%s', (_, model) => {
  test('has no member that pynetbox takes for a page (T5)', () => {
    expect(shownNames(model)).not.toContain('results')
    for (const row of answers.get(model.name)?.details ?? [])
      expect(Object.keys(row)).not.toContain('results')
  })

  test('has no url, at any depth, that is not one of the API, and each with its id (T6, T11)', () => {
    const { listed, details } = answers.get(model.name) ?? { listed: undefined, details: [] }
    const objects = [...(listed?.results ?? []), ...details].flatMap(objectsWithUrl)

    expect(objects.length).toBeGreaterThanOrEqual(details.length * 2)
    expect(objects.filter(({ url, id }) => !isOurs(url) || typeof id !== 'number')).toEqual([])
  })
})

/** Objects at any depth that have a url. In `custom_fields` pynetbox looks for none. */
function objectsWithUrl(value: unknown): Json[] {
  if (value === null || typeof value !== 'object') return []
  if (Array.isArray(value)) return value.flatMap(objectsWithUrl)
  const own = Object.hasOwn(value, 'url') ? [value as Json] : []
  const inner = Object.entries(value).filter(([name]) => name !== 'custom_fields')
  return [...own, ...inner.flatMap(([, one]) => objectsWithUrl(one))]
}

const paths = new Set(registry.all.map(listUrl))
function isOurs(url: unknown): boolean {
  const { origin, pathname } = new URL(String(url), 'http://nowhere.test')
  return origin === 'http://netkeep.test' && paths.has(pathname.replace(/\d+\/$/, ''))
}

describe.skipIf(!isPynetboxThere)(
  `pynetbox, every model${isPynetboxThere ? '' : ' (python3-pynetbox is not installed)'}`,
  () => {
    let server: Server
    let seen: Record<string, unknown>

    beforeAll(async () => {
      server = await serve()
      const { port } = server.address() as AddressInfo
      const lists = registry.all.map(({ area, path }) => `${area}/${path}`)
      seen = await runPython('pynetbox-every.py', [`http://127.0.0.1:${port}`, api.token, ...lists])
    }, 300_000)
    afterAll(() => server?.close())

    test.each(models)('reads %s by one request, and each object by itself', (_, model) => {
      const ids = answers
        .get(model.name)
        ?.listed.results.map(({ id }) => id)
        .sort((a, b) => a - b)
      expect(ids?.length).toBeGreaterThanOrEqual(rowsEach)
      expect(seen[`${model.area}/${model.path}`]).toEqual({
        ids,
        asked: 1,
        details: ids,
        touched: [],
        again: [true],
        members: [],
      })
    })
  },
)

/** The handlers behind HTTP. */
async function serve(): Promise<Server> {
  const made = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await text(incoming)
      const headers = incoming.headers as Record<string, string>
      const url = `http://${headers['host']}${incoming.url}`
      const given = { headers, token: null, ...(body === '' ? {} : { body }) }
      const answer = await api.call<unknown>(incoming.method ?? 'GET', url, given)
      outgoing.writeHead(answer.status, { 'content-type': 'application/json' })
      outgoing.end(JSON.stringify(answer.body))
    })().catch((error: unknown) => outgoing.writeHead(500).end(String(error)))
  })
  made.listen(0, '127.0.0.1')
  await once(made, 'listening')
  return made
}
