import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, labOf, loadDevices, login, placeLab, resultsOf } from '../support/backups.ts'
import { endOfJob, type JobShown } from '../support/imports.ts'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
let lab: Lab

beforeAll(async () => {
  ;[product, lab] = await Promise.all([startProduct(), labOf([{ name: 'sw1' }])])
  await loadDevices(product.api, placeLab(lab), [
    { name: 'netops', ...login, enable_secret: 'Enable-Horse-1' },
    ...Array.from({ length: 30 }, (_, n) => ({
      name: `other-${n}`,
      priority: 500,
      username: `other-${n}`,
      password: `Horse-${n}`,
    })),
  ])
  await product.api.post('/wireless/wireless-lans/', { ssid: 'guests', auth_psk: 'Guest-Horse-1' })
})

afterAll(async () => {
  await Promise.all([product?.stop(), lab?.stop()])
})

test('every secret of every model is sealed anew, opens still, and the tags in shown texts stay', async () => {
  await backUp(product.api)

  const started = await product.api.post<JobShown>('/backups/keyring/renew/', {})
  const job = await endOfJob(product.api, started.id)
  const again = await endOfJob(
    product.api,
    (await product.api.post<JobShown>('/backups/keyring/renew/', {})).id,
  )
  const run = await backUp(product.api)

  expect(job).toMatchObject({ state: { value: 'completed' }, current: 32, total: 32 })
  expect(job.result).toMatchObject({ keyring_version: 2, rows: 32, resealed: 32 })
  expect(again.result).toMatchObject({ keyring_version: 3, rows: 32, resealed: 32 })
  // The same text, tags of secrets included: a tag that changed would be a new version.
  expect((await resultsOf(product.api, run.id)).get('sw1')).toMatchObject({ status: 'unchanged' })
  expect(lab.devices[0]?.refused).toEqual([])
  expect(JSON.stringify([job, again])).not.toContain('Horse')
}, 240_000)
