import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing, startBrowser, type Browser } from '../support/browser.ts'
import { startProduct, type Product } from '../support/product.ts'

describe.skipIf(browserMissing !== undefined)(
  `the pages of the API in a browser${browserMissing === undefined ? '' : ` (${browserMissing})`}`,
  () => {
    let product: Product
    let browser: Browser

    beforeAll(async () => {
      product = await startProduct()
      browser = await startBrowser(product.runtime.url)
    })

    afterAll(async () => {
      await browser?.stop()
      await product?.stop()
    })

    test('lead from a search to an operation, under the policy of the distribution', async () => {
      const page = await browser.open('/api/docs/')
      await page.getByLabel('Search').fill('devices list')
      await page.getByRole('button', { name: 'Search' }).click()
      await page.getByRole('link', { name: '/api/dcim/devices/', exact: true }).first().click()

      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('GET /api/dcim/devices/')
      expect(await page.getByText('Authorization: Token').first().isVisible()).toBe(true)
      // The style has come: without it the page would be as wide as the window.
      const width = await page.locator('main').evaluate(({ clientWidth }) => clientWidth)
      expect(width).toBeLessThan(1200)
      expect(browser.complaints).toEqual([])
    })
  },
)
