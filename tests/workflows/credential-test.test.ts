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

test('a refused test counts: the fifth is not sent', async () => {
  const before = lab.devices[0]?.refused.length ?? 0
  for (const name of ['sw1', 'sw1', 'sw2']) await testOn('wrong', name)

  const spent = await testOn('wrong', 'sw1')

  expect(spent.result).toMatchObject({ accepted: false, category: 'login_budget' })
  expect((lab.devices[0]?.refused.length ?? 0) - before).toBe(2)
})

test('who is asked for what does not exist says so', async () => {
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`${product.runtime.url}/api/backups/credentials/${path}`, {
      method: 'POST',
      headers: { authorization: `Token ${product.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  const answers = await Promise.all([
    post('999999/test/', { device: devices.get('sw1') }),
    post(`${credentials.get('good')}/test/`, { device: 999_999 }),
    post(`${credentials.get('good')}/test/`, {}),
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
