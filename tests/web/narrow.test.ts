import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, labOf, loadDevices, placeLab } from '../support/backups.ts'
import { type Browser, browserMissing, signIn, startBrowser } from '../support/browser.ts'
import { type Product, startProduct } from '../support/product.ts'

const isMissing = browserMissing !== undefined

describe.skipIf(isMissing)(
  `the console on a narrow, dark screen${isMissing ? ` (${browserMissing})` : ''}`,
  () => {
    let product: Product
    let lab: Lab
    let browser: Browser
    let page: Page
    const pages: Record<string, string> = { runs: '/runs', devices: '/devices' }

    beforeAll(async () => {
      product = await startProduct()
      lab = await labOf([{ name: 'a-device-with-a-rather-long-name-as-they-are-in-the-field-1' }])
      const [id] = (await loadDevices(product.api, placeLab(lab))).values()
      const run = await backUp(product.api)
      Object.assign(pages, {
        run: `/runs/${run.id}?log=${id}`,
        device: `/devices/${id}`,
        version: `/devices/${id}/versions/latest`,
      })
      browser = await startBrowser(product.runtime.url, { width: 360, height: 740, colorScheme: 'dark' })
      page = await browser.open('/runs')
      await signIn(page, product.token)
      await page.getByRole('navigation', { name: 'Main' }).waitFor()
    })
    afterAll(async () => {
      await browser.stop()
      await lab.stop()
      await product.stop()
    })

    test.each(['runs', 'run', 'devices', 'device', 'version'])(
      '%s: only its tables scroll sideways',
      async (name) => {
        await page.goto(`${product.runtime.url}${pages[name]}`)
        await page.locator('.table, .config').first().waitFor()

        const widths = await page.evaluate<number[]>('[document.documentElement.scrollWidth, innerWidth]')
        expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0)
        expect(browser.complaints).toEqual([])
      },
    )

    test('the page is dark', async () => {
      const background = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')

      expect(background).toBe('rgb(20, 24, 27)')
    })
  },
)
