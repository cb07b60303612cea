import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type TestApi } from '../support/api.ts'
import type { Document } from '../support/conformance.ts'

let api: TestApi
let document: Document
beforeAll(async () => {
  api = await startApi()
  document = (await api.call<Document>('GET', '/api/schema/')).body
})
afterAll(() => api.stop())

const page = async (url: string, headers: Record<string, string> = {}) =>
  api.call<string>('GET', url, { token: null, headers })

const operationLinks = (html: string): string[] =>
  [...html.matchAll(/href="([^"]*\/operations\/[^"]+)"/g)].map(([, link = '']) => link)

test('a person gets pages, a client the document', async () => {
  const person = await page('/api/docs/', { accept: 'text/html,application/xhtml+xml,*/*' })
  const client = await page('/api/docs/', { accept: 'application/json' })

  expect(person.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(client.headers['content-type']).toBe('application/json')
})

test('every operation has a page that says how to call it', async () => {
  const { body: index } = await page('/api/docs/')
  const links = operationLinks(index)

  const operations = Object.values(document.paths).flatMap((path) =>
    Object.entries(path).filter(([method]) => method !== 'parameters'),
  )
  expect(new Set(links).size).toBe(operations.length)
  for (const link of links) {
    const { status, body } = await page(link)
    expect([link, status]).toEqual([link, 200])
    expect(body).toMatch(/<pre><code>curl/)
    expect(body).not.toMatch(/undefined|\[object Object\]/)
  }
})

test('a search finds by the words of the path, the area and the parameters', async () => {
  const { body } = await page('/api/docs/?q=device%20LIST')
  const { body: nothing } = await page('/api/docs/?q=zebra')

  expect(operationLinks(body)).toContain('/api/docs/operations/dcim_devices_list/')
  expect(operationLinks(body)).not.toContain('/api/docs/operations/dcim_sites_create/')
  expect(nothing).toContain('0 operations found')
})

test('what is searched for cannot become markup, and nothing is loaded from elsewhere', async () => {
  const { body, headers } = await page(`/api/docs/?q=${encodeURIComponent('"><script>alert(1)</script>')}`)

  expect(body).toContain('&quot;&gt;&lt;script&gt;')
  expect(body).not.toContain('<script')
  expect(body.match(/(?:src|href|action)="https?:/g)).toBeNull()
  expect(headers['content-security-policy']).toContain(`default-src 'none'`)
})

test('a page shows the parameters with their lookups, the body and the answers', async () => {
  const { body: list } = await page('/api/docs/operations/dcim_devices_list/')
  const { body: create } = await page('/api/docs/operations/dcim_sites_create/')

  expect(list).toMatch(/<code>name<\/code>.*__ic/)
  expect(list).toContain('?limit=10&#39;')
  expect(create).toContain('<h2>Body</h2>')
  expect(create).toContain('dcim.add_site')
  expect(create).toContain('-X POST')
})

test('links stay below the path of a proxy, and an unknown operation is not found', async () => {
  const { body } = await page('/api/docs/', { 'x-forwarded-prefix': '/stage' })
  const lost = await api.call('GET', '/api/docs/operations/nothing/', { token: null })
  const style = await page('/api/docs/style.css')

  expect(body).toContain('href="/stage/api/docs/style.css"')
  expect(operationLinks(body)[0]).toMatch(/^\/stage\/api\/docs\/operations\//)
  expect(lost.status).toBe(404)
  expect(style.headers['content-type']).toBe('text/css; charset=utf-8')
})
