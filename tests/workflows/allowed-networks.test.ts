import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, labOf, loadDevices, placeLab, resultsOf } from '../support/backups.ts'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
let lab: Lab

beforeAll(async () => {
  ;[product, lab] = await Promise.all([startProduct(), labOf([{ name: 'sw1' }, { name: 'sw2' }])])
  const [first, second] = placeLab(lab)
  if (first === undefined || second === undefined) throw new Error('the lab has no devices')
  await loadDevices(product.api, [
    { ...first, site: 'ams' },
    { ...second, site: 'ber' },
  ])
})

afterAll(async () => {
  await Promise.all([product?.stop(), lab?.stop()])
})

test('a rule with networks keeps its devices from being connected to elsewhere, and no others', async () => {
  await product.api.post('/backups/access-rules/', {
    name: 'management only',
    sites: [{ slug: 'ber' }],
    allowed_networks: ['10.20.0.0/16', '2001:db8::/32'],
  })

  const run = await backUp(product.api)

  const results = await resultsOf(product.api, run.id)
  expect(results.get('sw1')).toMatchObject({ status: 'changed' })
  expect(results.get('sw2')).toMatchObject({
    status: 'failed',
    category: 'address_forbidden',
    pass: 1,
    detail: expect.stringContaining('is outside of the allowed networks 10.20.0.0/16, 2001:db8::/32'),
  })
  expect(lab.devices.map(({ sessions }) => sessions)).toEqual([1, 0])
}, 240_000)
