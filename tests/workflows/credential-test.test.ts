import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, labOf, loadDevices, login, placeLab } from '../support/backups.ts'
import { endOfJob, type JobShown } from '../support/imports.ts'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
let lab: Lab
let devices: Map<string, number>
const credentials = new Map<string, number>()

beforeAll(async () => {
  ;[product, lab] = await Promise.all([startProduct(), labOf([{ name: 'sw1' }, { name: 'sw2' }])])
  devices = await loadDevices(product.api, placeLab(lab), [
    { name: 'good', priority: 2, ...login },
    { name: 'wrong', priority: 3, username: login.username, password: 'Wrong-One-1' },
  ])
  const { results } = await product.api.get<{ results: { id: number; name: string }[] }>(
    '/backups/credentials/',
  )
  for (const { id, name } of results) credentials.set(name, id)
})

afterAll(async () => {
  await Promise.all([product?.stop(), lab?.stop()])
})

test('a test logs in and reads nothing, tells the category and the time, and who asked', async () => {
  const good = await testOn('good', 'sw1')
  const wrong = await testOn('wrong', 'sw2')

  expect(good.result).toEqual({
    accepted: true,
    category: null,
    detail: null,
    elapsed_ms: expect.any(Number),
  })
  expect(wrong.result).toMatchObject({ accepted: false, category: 'auth' })
  expect(wrong.result).toHaveProperty('elapsed_ms', expect.any(Number))
  expect([lab.devices[0]?.sessions, lab.devices[1]?.refused.length]).toEqual([1, 1])
  const { results } = await product.api.get<{ results: { changed_object_id: number }[] }>(
    '/core/object-changes/?changed_object_type=core.job&limit=100',
  )
  expect(results.map(({ changed_object_id: id }) => id)).toContain(good.id)
  expect(JSON.stringify([good, wrong])).not.toMatch(/Correct-Horse|Wrong-One/)
})

test('the devices of a credential are listed with its place, and whether it was accepted last', async () => {
  await backUp(product.api, { devices: [devices.get('sw1')] })

  const used = await product.api.get<{ results: unknown[] }>(
    `/backups/credentials/${credentials.get('good')}/used-by/`,
  )
  const last = await product.api.get<{ count: number }>(
    `/backups/credentials/${credentials.get('good')}/used-by/?accepted_last=true`,
  )
  const second = await product.api.get(`/backups/credentials/${credentials.get('wrong')}/used-by/`)

  expect(used.results).toEqual([
    {
      device: { id: devices.get('sw1'), name: 'sw1' },
      place: 1,
      accepted_last: true,
      last_success: expect.stringMatching(/^20/),
    },
    {
      device: { id: devices.get('sw2'), name: 'sw2' },
      place: 1,
      accepted_last: false,
      last_success: null,
    },
  ])
  expect(last.count).toBe(1)
  expect(second).toMatchObject({ count: 2, results: [{ place: 2 }, { place: 2 }] })
})

test('a recorded session is a file with masks for secrets, and nothing else is kept of it', async () => {
  const stateOf = (): Promise<unknown> => product.api.get(`/backups/devices/${devices.get('sw1')}/state/`)
  const before = await stateOf()

  const job = await recordOn('sw1', { reason: 'strange lines' })
  const whole = await ask(`session-recordings/${job.id}/`)
  const part = await ask(`session-recordings/${job.id}/?offset=1&bytes=20`)

  const text = await whole.text()
  expect(job).toMatchObject({ kind: 'record_session', name: 'Recorded session with sw1' })
  expect(job.result).toEqual({
    accepted: true,
    category: null,
    detail: null,
    file: 'cisco_ios#sw1#session.json',
    bytes: text.length,
    masked: expect.any(Number),
    withheld: 0,
  })
  expect(whole.headers.get('content-disposition')).toBe('attachment; filename="cisco_ios#sw1#session.json"')
  expect(await part.text()).toBe(text.slice(1, 21))
  expect(JSON.parse(text)).toMatchObject({
    model: 'cisco_ios',
    device: 'sw1',
    config: expect.arrayContaining(['hostname sw1']),
    facts: { hostname: 'sw1' },
    outcome: { ok: true },
  })
  expect(text).toContain('masked-1')
  expect(text + JSON.stringify(job)).not.toContain(login.password)
  expect(await stateOf()).toEqual(before)
})

test('a recording as another device type shows where it ends', async () => {
  const job = await recordOn('sw2', { device_type: 'dell_os10' })

  const file: unknown = await (await ask(`session-recordings/${job.id}/`)).json()
  expect(job.result).toMatchObject({
    accepted: true,
    category: 'command_rejected',
    file: 'dell_os10#sw2#session.json',
  })
  expect(file).toMatchObject({ model: 'dell_os10', outcome: { category: 'command_rejected' } })
  expect(file).not.toHaveProperty('config')
})

test('a recording of what does not exist, and of what is none, is refused', async () => {
  const test = await testOn('good', 'sw1')

  const answers = await Promise.all([
    ask('devices/999999/record-session/', {}),
    ask(`devices/${devices.get('sw1')}/record-session/`, { device_type: 'cisco_isoo' }),
    ask(`session-recordings/${test.id}/`),
    ask('session-recordings/999999/'),
  ])

  expect(answers.map(({ status }) => status)).toEqual([404, 400, 404, 404])
  expect(await answers[1]?.text()).toContain('cisco_ios')
})

test('a refused test counts: the fifth is not sent', async () => {
  const before = lab.devices[0]?.refused.length ?? 0
  for (const name of ['sw1', 'sw1', 'sw2']) await testOn('wrong', name)

  const spent = await testOn('wrong', 'sw1')

  expect(spent.result).toMatchObject({ accepted: false, category: 'login_budget' })
  expect((lab.devices[0]?.refused.length ?? 0) - before).toBe(2)
})

test('who is asked for what does not exist says so', async () => {
  const answers = await Promise.all([
    ask('credentials/999999/test/', { device: devices.get('sw1') }),
    ask(`credentials/${credentials.get('good')}/test/`, { device: 999_999 }),
    ask(`credentials/${credentials.get('good')}/test/`, {}),
  ])

  expect(answers.map(({ status }) => status)).toEqual([404, 400, 400])
})

async function testOn(credential: string, device: string): Promise<JobShown> {
  const started = await product.api.post<JobShown>(
    `/backups/credentials/${credentials.get(credential)}/test/`,
    { device: devices.get(device) },
  )
  return endOfJob(product.api, started.id)
}

async function recordOn(device: string, body: Record<string, unknown>): Promise<JobShown> {
  const path = `/backups/devices/${devices.get(device)}/record-session/`
  const started = await product.api.post<JobShown>(path, body)
  return endOfJob(product.api, started.id)
}

/** A GET, or a POST where there is a body. */
const ask = (path: string, body?: unknown): Promise<Response> =>
  fetch(`${product.runtime.url}/api/backups/${path}`, {
    headers: { authorization: `Token ${product.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
