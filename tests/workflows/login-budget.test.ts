import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, labOf, loadDevices, login, placeLab, resultsOf } from '../support/backups.ts'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
let lab: Lab

beforeAll(async () => {
  const names = Array.from({ length: 40 }, (_, index) => ({ name: `sw${index}` }))
  ;[product, lab] = await Promise.all([startProduct(), labOf(names)])
  const realm = await product.api.post<{ id: number }>('/backups/aaa-realms/', {
    name: 'tacacs',
    failures_max: 3,
  })
  await loadDevices(product.api, placeLab(lab), [
    { name: 'wrong', priority: 1, username: login.username, password: 'Wrong-One-1', aaa_realm: realm.id },
  ])
})

afterAll(async () => {
  await Promise.all([product?.stop(), lab?.stop()])
})

test('a run over two batches sends a wrong password as often as the realm allows, and so do both its passes and the next run', async () => {
  const refused = () => lab.devices.reduce((sum, device) => sum + device.refused.length, 0)

  const first = await backUp(product.api)
  const afterFirst = refused()
  await backUp(product.api)

  const results = [...(await resultsOf(product.api, first.id)).values()]
  const categories = new Set(results.map(({ category }) => category))
  expect([first.status.value, first.failed]).toEqual(['failed', 40])
  expect([afterFirst, refused()]).toEqual([3, 3])
  expect(categories).toEqual(new Set(['auth', 'login_budget']))
  const skipped = results.find(({ category }) => category === 'login_budget')
  expect(skipped?.detail).toMatch(
    /^the username netops has had 3 failed logins in 30 minutes: not used until 20/,
  )
  expect(skipped?.attempts).toEqual([])
}, 240_000)
