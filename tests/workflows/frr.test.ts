import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { frrMissing, startFrrRouter, type FrrRouter } from '../../local/lab/frr-router.ts'
import { backUp, cloneConfigs, loadDevices } from '../support/backups.ts'
import { newFolder, startProduct, type Product } from '../support/product.ts'
import { filesWith } from '../support/secrets.ts'

const missing = frrMissing()
const neighbourPassword = 'Peering-Word-5519'

describe.skipIf(missing !== undefined)(
  `a real FRRouting router behind OpenSSH${missing ? ` (${missing})` : ''}`,
  () => {
    let product: Product
    let router: FrrRouter
    const dataDir = newFolder('frr-product')

    beforeAll(async () => {
      ;[product, router] = await Promise.all([startProduct(dataDir), startFrrRouter({ name: 'edge1' })])
      const { host, port, username, password } = router
      await loadDevices(
        product.api,
        [{ name: 'edge1', driver: 'frr', host, port }],
        [{ name: 'router', username, password }],
      )
    })

    afterAll(async () => {
      await Promise.all([product?.stop(), router?.stop()])
    })

    test('a neighbour added by hand is exactly the next run’s diff', async () => {
      const first = await backUp(product.api)
      await router.addNeighbor('192.0.2.10', 64_512, neighbourPassword)

      const second = await backUp(product.api)

      expect(first).toMatchObject({ status: { value: 'success' }, changed: 1 })
      expect(second).toMatchObject({ status: { value: 'success' }, changed: 1 })
      const clone = await cloneConfigs(product.cloneUrl)
      const added = clone
        .git('show', '--format=', '--unified=0', 'HEAD')
        .split('\n')
        .filter((line) => /^[+-](?![+-])/.test(line))
      expect(added).toEqual([
        '+ neighbor 192.0.2.10 remote-as 64512',
        expect.stringMatching(/^\+ neighbor 192\.0\.2\.10 password <secret:[0-9a-f]+>$/),
      ])
      clone.remove()
    })

    test('the neighbour’s password and the login’s are nowhere under the data folder', () => {
      for (const secret of [neighbourPassword, router.password])
        expect(filesWith(secret, dataDir)).toEqual([])
      // The search itself works: what is no secret is found.
      expect(filesWith('192.0.2.10', dataDir)).not.toEqual([])
    })
  },
)
