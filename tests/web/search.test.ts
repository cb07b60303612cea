import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, labOf, loadDevices, placeLab } from '../support/backups.ts'
import { type Browser, browserMissing, signIn, startBrowser } from '../support/browser.ts'
import { type Product, startProduct } from '../support/product.ts'

const isMissing = browserMissing !== undefined

describe.skipIf(isMissing)(`searching in a browser${isMissing ? ` (${browserMissing})` : ''}`, () => {
  let product: Product
  let lab: Lab
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    product = await startProduct()
    lab = await labOf([{ name: 'core-1' }, { name: 'core-2' }])
    await loadDevices(product.api, placeLab(lab))
    await backUp(product.api)
    browser = await startBrowser(product.runtime.url)
    page = await browser.open('/search')
    await signIn(page, product.token)
  })
  afterAll(async () => {
    await browser.stop()
    await lab.stop()
    await product.stop()
  })

  test('marks what was found, leads to the version, and has an address to send', async () => {
    await page.getByLabel('A line has').fill('^hostname core-[12]$')
    await page.getByLabel('Regular expression').check()
    await page.getByRole('button', { name: 'Search' }).click()
    const found = page.getByRole('region', { name: 'core-2' })
    await found.waitFor()
    await page.reload()
    await found.waitFor()

    expect(new URL(page.url()).pathname).toBe('/search')
    expect(await page.locator('mark').allInnerTexts()).toHaveLength(2)
    expect(await found.locator('mark').allInnerTexts()).toEqual(['hostname core-2'])
    await found.getByRole('link', { name: 'core-2' }).click()
    await page.waitForURL(/\/devices\/\d+\/versions\/1$/)
    expect(browser.complaints).toEqual([])
  })

  test('says what is wrong with an expression, and where', async () => {
    await page.goto(`${product.runtime.url}/search?q=vlan+(10&regex=1`)
    const alert = page.getByRole('alert')
    await alert.waitFor()

    expect(await alert.innerText()).toContain('missing closing )')
  })
})
