import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backUp, endOfRun, login } from '../support/backups.ts'
import { startFleet, type Fleet } from '../support/fleet.ts'

let fleet: Fleet
beforeAll(async () => {
  fleet = await startFleet(4)
  await backUp(fleet.product.api)
})
afterAll(async () => {
  await Promise.all([fleet?.product.stop(), fleet?.lab.stop()])
})

type Node = { name: string; full_name: string; status: string; last: { status: string } | null }
type Version = { oid: string; num: number; epoch: number; message: string }

/** As LibreNMS asks: the login in the address, `format=json` where it wants that. */
async function ask(
  path: string,
  options: {
    method?: string
    body?: string | URLSearchParams | FormData
    headers?: Record<string, string>
  } = {},
  token?: string,
) {
  const { runtime, token: given } = fleet.product
  const basic = Buffer.from(`oxidized:${token ?? given}`).toString('base64')
  const headers = { authorization: `Basic ${basic}`, ...options.headers }
  const response = await fetch(`${runtime.url}/oxidized${path}`, { ...options, headers })
  const text = await response.text()
  return { status: response.status, type: response.headers.get('content-type') ?? '', text }
}

const search = (expression: string, path?: string, token?: string) =>
  searchBy(new URLSearchParams({ search_in_conf_textbox: expression }), path, token)

async function searchBy(body: URLSearchParams | FormData, path = '/nodes/conf_search', token?: string) {
  const { status, text } = await ask(path, { method: 'POST', body }, token)
  return { status, answer: JSON.parse(text) as unknown }
}

async function json<T>(path: string): Promise<T> {
  const { status, text } = await ask(path)
  expect({ path, status, text: status === 200 ? '' : text }).toEqual({ path, status: 200, text: '' })
  return JSON.parse(text) as T
}

describe('the addresses of oxidized-web', () => {
  test('list the nodes, all and by group or model', async () => {
    const all = await json<Node[]>('/nodes?format=json')

    expect(all.map(({ full_name }) => full_name)).toEqual(
      ['sw00', 'sw01', 'sw02', 'sw03'].map((n) => `ams/${n}`),
    )
    expect(all.map(({ status, last }) => [status, last?.status])).toEqual(
      all.map(() => ['success', 'success']),
    )
    expect(await json('/nodes.json')).toEqual(all)
    expect(await json('/nodes/group/ams.json')).toEqual(all)
    expect(await json('/nodes/model/cisco_ios')).toEqual(all)
    expect((await ask('/nodes/group/nowhere')).status).toBe(404)
  })

  test('show a node by its name, with its group, with .json, and by its address', async () => {
    const { ip } = await json<{ ip: string }>('/node/show/sw01?format=json')

    for (const path of ['/node/show/ams/sw01', '/node/show/sw01.json', '/node/show/ams/sw01.json'])
      expect(await json(path)).toMatchObject({ name: 'sw01', group: 'ams', model: 'cisco_ios', ip })
    // All four stand behind one address here.
    expect(await ask(`/node/show/${ip}`)).toMatchObject({
      status: 400,
      text: expect.stringContaining('sw00'),
    })
    expect(await ask('/node/show/sw1')).toMatchObject({
      status: 404,
      text: expect.stringContaining('Did you mean sw01'),
    })
    expect((await ask('/node/show/ber/sw01')).status).toBe(404)
  })

  test('give the newest configuration without its secrets', async () => {
    const { status, type, text } = await ask('/node/fetch/ams/sw02')

    expect({ status, type }).toEqual({ status: 200, type: 'text/plain; charset=utf-8' })
    expect(text).toContain('hostname sw02')
    expect(text).not.toContain(login.password)
  })

  test('back a node up, and then list, show and compare its versions', async () => {
    const [device] = fleet.lab.devices.filter(({ name }) => name === 'sw03')
    device?.change()
    const body = JSON.stringify({ user: 'ops', msg: 'after the change' })
    const asked = await ask('/node/next/ams/sw03', {
      method: 'PUT',
      body,
      headers: { 'content-type': 'application/json' },
    })
    const { run } = JSON.parse(asked.text) as { run: number }
    expect(await endOfRun(fleet.product.api, run)).toMatchObject({ total: 1, changed: 1 })

    const versions = await json<Version[]>('/node/version?node_full=ams/sw03&format=json')
    expect(versions.map(({ num }) => num)).toEqual([2, 1])
    expect(await json('/node/version.json?node_full=sw03')).toEqual(versions)
    const [newer, older] = versions.map(({ oid }) => oid)
    const view = (oid: string | undefined) =>
      ask(`/node/version/view?node=sw03&group=ams&oid=${oid}&format=text`)
    expect((await view(newer)).text).toBe((await ask('/node/fetch/sw03')).text)
    expect((await view(older)).text).not.toBe((await view(newer)).text)
    const diff = await ask(`/node/version/diffs?node=sw03&group=ams&oid=${newer}`)
    expect(diff.text).toMatch(/^--- .*\n\+\+\+ .*\n@@ /)
    const same = await ask(`/node/version/diffs?node=sw03&group=ams&oid=${newer}&oid2=${older}`)
    expect(same.text).toBe(diff.text)
    expect((await ask(`/node/version/diffs?node=sw03&group=ams&oid=${older}`)).status).toBe(404)
  })

  test('an oid of another node, or of nothing, is none', async () => {
    const [other] = await json<Version[]>('/node/version?node_full=sw00')
    const view = async (oid: string): Promise<number> =>
      (await ask(`/node/version/view?node=sw01&group=ams&oid=${oid}`)).status

    expect(await view(other?.oid ?? '')).toBe(404)
    expect(await view('f'.repeat(40))).toBe(404)
    expect(await view('HEAD')).toBe(404)
  })

  test('search the newest configurations as LibreNMS asks, by either address and either form', async () => {
    const nodes = ['sw01', 'sw02'].map((node) => ({ node, full_name: `ams/${node}` }))
    const multipart = new FormData()
    multipart.set('search_in_conf_textbox', '^hostname sw0[12]$')

    for (const path of ['/nodes/conf_search?format=json', '/nodes/conf_search.json'])
      expect(await search('^hostname sw0[12]$', path)).toEqual({ status: 200, answer: nodes })
    expect(await searchBy(multipart)).toEqual({ status: 200, answer: nodes })
    expect((await search('HOSTNAME sw01')).answer).toEqual([])
    expect((await search('(?i)HOSTNAME sw01')).answer).toEqual(nodes.slice(0, 1))
    expect((await search('.')).answer).toHaveLength(4)
  })

  test('find no secret, and refuse what is no expression or no form, saying why', async () => {
    expect(await search(RegExp.escape(login.password))).toEqual({ status: 200, answer: [] })
    expect(await search('vlan (10|20')).toMatchObject({
      status: 400,
      answer: { detail: expect.stringContaining('missing closing )') },
    })
    for (const wrong of ['', 'a\nb'])
      expect(await search(wrong)).toMatchObject({ status: 400, answer: { code: 'validation_failed' } })
    const json = { 'content-type': 'application/json' }
    expect(await ask('/nodes/conf_search', { method: 'POST', body: '{}', headers: json })).toMatchObject({
      status: 415,
      text: expect.stringContaining('application/x-www-form-urlencoded'),
    })
    expect(
      (
        await ask('/nodes/conf_search', {
          method: 'POST',
          body: 'x',
          headers: { 'content-type': 'multipart/form-data' },
        })
      ).status,
    ).toBe(400)
  })

  test('say what is wrong: no token, an unknown parameter', async () => {
    expect((await ask('/nodes', {}, 'wrong')).status).toBe(401)
    expect(await ask('/nodes?fromat=json')).toMatchObject({
      status: 400,
      text: expect.stringContaining('format'),
    })
    expect((await ask('/nothing/here')).status).toBe(404)
    expect((await ask('/reload?format=json')).status).toBe(200)
  })
})

test('a token that may only read searches, and starts no backup by either verb', async () => {
  const { api } = fleet.product
  const { key } = await api.post<{ key: string }>('/users/tokens/', { write_enabled: false })

  expect((await ask('/nodes', {}, key)).status).toBe(200)
  expect(await search('hostname sw00', undefined, key)).toMatchObject({
    status: 200,
    answer: [{ node: 'sw00' }],
  })
  expect((await ask('/node/next/sw00', {}, key)).status).toBe(403)
  expect((await ask('/node/next/sw00', { method: 'PUT', body: '{}' }, key)).status).toBe(403)
})
