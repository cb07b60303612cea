import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, labOf, loadDevices, login, placeLab, resultsOf } from '../support/backups.ts'
import { startProduct, type Product } from '../support/product.ts'

type Credential = { id: number; secret_version: number; former_until: string | null }

const changed = { username: login.username, password: 'Newer-Horse-2' }
/** What each device takes now; the lab looks at it at each login. */
const logins: Record<'sw1' | 'sw2', { username: string; password: string }[]> = {
  sw1: [{ ...login }],
  sw2: [{ ...login }],
}
let product: Product
let lab: Lab
let path: string

beforeAll(async () => {
  ;[product, lab] = await Promise.all([
    startProduct(),
    labOf([
      { name: 'sw1', logins: logins.sw1 },
      { name: 'sw2', logins: logins.sw2 },
    ]),
  ])
  await loadDevices(product.api, placeLab(lab))
  const { results } = await product.api.get<{ results: Credential[] }>('/backups/credentials/')
  path = `/backups/credentials/${results[0]?.id}/`
})

afterAll(async () => {
  await Promise.all([product?.stop(), lab?.stop()])
})

test('the former secret serves the devices that need it, and goes when the new one is proven on all', async () => {
  const shown = () => product.api.get<Credential>(path)
  const refused = () => lab.devices.map((device) => device.refused.length)
  const statuses = async (id: number) =>
    Object.fromEntries([...(await resultsOf(product.api, id))].map(([name, { status }]) => [name, status]))
  await backUp(product.api)

  const rotated = await product.api.post<Credential>(`${path}rotate/`, { password: changed.password })
  const again = await post('rotate/', { password: 'Third-1' })
  logins.sw1.splice(0, 1, changed)
  const half = await backUp(product.api)
  const inHalf = { refused: refused(), credential: await shown() }
  logins.sw2.splice(0, 1, changed)
  const whole = await backUp(product.api)
  const settling = await backUp(product.api)
  const settled = await shown()
  logins.sw2.splice(0, 1, { ...login })
  const gone = await backUp(product.api)

  expect(rotated).toMatchObject({ secret_version: 2, former_until: expect.stringMatching(/^20/) })
  expect([again.status, await again.text()]).toEqual([409, expect.stringContaining('rotation_open')])
  expect(await statuses(half.id)).toEqual({ sw1: 'unchanged', sw2: 'unchanged' })
  expect(inHalf).toMatchObject({ refused: [0, 1], credential: { former_until: rotated.former_until } })
  expect([await statuses(whole.id), await statuses(settling.id)]).toEqual([
    { sw1: 'unchanged', sw2: 'unchanged' },
    { sw1: 'unchanged', sw2: 'unchanged' },
  ])
  expect(settled).toMatchObject({ secret_version: 2, former_until: null })
  expect(await statuses(gone.id)).toEqual({ sw1: 'unchanged', sw2: 'failed' })
  expect(refused()).toEqual([0, 2])
}, 240_000)

test('a rotation can be ended at once, needs a new secret, and shows none', async () => {
  await product.api.post(`${path}rotate/`, { password: 'Fourth-Horse-4', until: '2099-01-01T00:00:00Z' })

  const dropped = await post('drop-former-secrets/', {})
  const empty = await post('rotate/', {})
  const shown = await product.api.get<Credential>(path)

  expect([dropped.status, empty.status]).toEqual([204, 400])
  expect(shown).toMatchObject({ secret_version: 3, former_until: null })
  expect(JSON.stringify(shown)).not.toContain('Horse')
})

const post = (action: string, body: unknown): Promise<Response> =>
  fetch(`${product.runtime.url}/api${path}${action}`, {
    method: 'POST',
    headers: { authorization: `Token ${product.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
