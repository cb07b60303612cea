import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, labOf, loadDevices, placeLab, resultsOf } from '../support/backups.ts'
import { type Browser, browserMissing, signIn, startBrowser } from '../support/browser.ts'
import { type Product, startProduct } from '../support/product.ts'

const isMissing = browserMissing !== undefined

describe.skipIf(isMissing)(`upkeep in the console${isMissing ? ` (${browserMissing})` : ''}`, () => {
  let product: Product
  let lab: Lab
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    ;[product, lab] = await Promise.all([startProduct(), labOf([{ name: 'sw1' }, { name: 'sw2' }])])
    await loadDevices(product.api, placeLab(lab))
    await backUp(product.api)
    browser = await startBrowser(product.runtime.url, { width: 360, height: 740 })
    page = await browser.open('/runs')
    await signIn(page, product.token)
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
  })
  afterAll(async () => {
    await browser?.stop()
    await Promise.all([product?.stop(), lab?.stop()])
  })
  beforeEach(() => {
    browser.complaints.length = 0
  })

  /** How far the page scrolls sideways: on a phone, too, only its tables do. */
  const overflow = (): Promise<number> =>
    page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  const go = (path: string): Promise<unknown> => page.goto(`${product.runtime.url}${path}`)
  const button = (name: string) => page.getByRole('button', { name, exact: true })

  test('a run is paused and resumed, and cancelled only by a second word', async () => {
    // Long enough for somebody to come in between.
    for (const device of lab.devices) device.setFault({ kind: 'silence', afterLines: 5, ms: 2500 })
    await go('/runs')
    await button('Back up now').click()
    await page.waitForURL(/\/runs\/\d+$/)
    const id = Number(page.url().split('/').at(-1))
    await button('Pause').click()
    await page.locator('.heading .status', { hasText: 'Paused' }).waitFor()
    await page.getByText('no session begins until it is resumed').waitFor()
    const paused = await product.api.get<{ status: string }>(`/backups/runs/${id}/progress/`)

    await button('Cancel run').click()
    await page.getByRole('dialog', { name: `Cancel run ${id}?` }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    const focused = await page.evaluate<string>('document.activeElement.textContent')
    await button('Resume').click()
    await page.locator('.heading .status', { hasText: 'Success' }).waitFor({ timeout: 45_000 })

    expect(paused.status).toBe('paused')
    expect(focused).toBe('Cancel run')
    await expect.poll(() => button('Cancel run').count()).toBe(0)
    expect([...(await resultsOf(product.api, id)).keys()].toSorted()).toEqual(['sw1', 'sw2'])
    expect(await overflow()).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
    for (const device of lab.devices) device.setFault(undefined)
  })

  test('a run is cancelled', async () => {
    for (const device of lab.devices) device.setFault({ kind: 'silence', afterLines: 5, ms: 2500 })
    await go('/runs')
    await button('Back up now').click()
    await page.waitForURL(/\/runs\/\d+$/)
    await button('Cancel run').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click()
    await page.locator('.heading .status', { hasText: 'Cancelled' }).waitFor({ timeout: 45_000 })

    await expect.poll(() => button('Pause').count()).toBe(0)
    expect(await overflow()).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
    for (const device of lab.devices) device.setFault(undefined)
  })
})
