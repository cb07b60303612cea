import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, labOf, loadDevices, placeLab } from '../support/backups.ts'
import { type Browser, browserMissing, signIn, startBrowser } from '../support/browser.ts'
import { type Product, startProduct } from '../support/product.ts'

const isMissing = browserMissing !== undefined

describe.skipIf(isMissing)(`the console in a browser${isMissing ? ` (${browserMissing})` : ''}`, () => {
  let product: Product
  let lab: Lab
  let browser: Browser
  let ids: Map<string, number>

  beforeAll(async () => {
    product = await startProduct()
    lab = await labOf([
      { name: 'core-1' },
      { name: 'core-2' },
      { name: 'locked-1', logins: [{ username: 'somebody', password: 'Else-1' }] },
    ])
    ids = await loadDevices(product.api, placeLab(lab))
    browser = await startBrowser(product.runtime.url)
  })
  afterAll(async () => {
    await browser.stop()
    await lab.stop()
    await product.stop()
  })

  let page: Page
  beforeEach(() => {
    browser.complaints.length = 0
  })
  afterEach(async () => {
    await page.close()
  })

  const openSignedIn = async (path: string): Promise<void> => {
    page = await browser.open(path)
    await signIn(page, product.token)
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
  }
  const text = (selector: string): Promise<string> => page.locator(selector).first().innerText()

  test('a token that is not known is refused, and the form stays', async () => {
    page = await browser.open('/runs')
    await signIn(page, `${product.token.slice(0, -1)}${product.token.endsWith('x') ? 'y' : 'x'}`)
    const alert = page.getByRole('alert')
    await alert.waitFor()

    expect(await alert.innerText()).toContain('This token is not accepted')
    expect(await page.getByLabel('API token').getAttribute('aria-invalid')).toBe('true')
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
    // The browser itself reports the refused request; nothing else may.
    expect(browser.complaints).toEqual([expect.stringContaining('401')])
  })

  test('a token that no header can hold is refused in the same words', async () => {
    page = await browser.open('/runs')
    await signIn(page, 'tōken')
    const alert = page.getByRole('alert')
    await alert.waitFor()

    expect(await alert.innerText()).toContain('This token is not accepted')
    expect(browser.complaints).toEqual([])
  })

  test('signing in takes the keyboard only, and keeps the address that was asked for', async () => {
    page = await browser.open('/devices?q=core')
    await page.getByLabel('API token').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type(product.token)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'core-2' }).waitFor()

    expect(new URL(page.url()).search).toBe('?q=core')
    await expect.poll(() => page.getByRole('link', { name: 'locked-1' }).count()).toBe(0)
    expect(browser.complaints).toEqual([])
  })

  test('a run that is started here is watched to its end, with failures first and their reason', async () => {
    await openSignedIn('/runs')
    await page.getByRole('button', { name: 'Back up now' }).click()
    await page.waitForURL(/\/runs\/\d+$/)
    await page.locator('.heading .status', { hasText: 'Partial' }).waitFor({ timeout: 45_000 })
    await page.getByText('3 of 3 devices done').waitFor()
    await page.locator('tbody tr').nth(2).waitFor()

    // The run's end and its results are two answers: what is on the page settles when both are there.
    const rows = page.locator('tbody tr')
    const names = async () => (await rows.allInnerTexts()).map((row) => row.split('\t')[0])
    await expect.poll(names).toEqual(['locked-1', 'core-1', 'core-2'])
    await expect.poll(() => page.locator('progress').count()).toBe(0)
    expect(await rows.first().innerText()).toMatch(/Failed\s+auth/)
    expect(browser.complaints).toEqual([])
  })

  test('results are filtered by status, and the log of a session has an address of its own', async () => {
    const run = await backUp(product.api)
    await openSignedIn(`/runs/${run.id}`)
    await page.getByRole('navigation', { name: 'Filter by status' }).getByText('Failed').click()
    await page.getByRole('link', { name: 'Session log of locked-1' }).click()
    const address = new URL(page.url())
    await page.reload()
    const log = page.getByRole('region', { name: 'Session with locked-1' })
    await log.waitFor()

    expect(address.search).toBe(`?status=failed&log=${ids.get('locked-1')}`)
    expect(await log.getByRole('listitem').count()).toBeGreaterThan(1)
    await expect.poll(() => page.locator('tbody th').allInnerTexts()).toEqual(['locked-1'])
    expect(browser.complaints).toEqual([])
  })

  test('a device shows its backup, its pinned key and its versions, and a version its text', async () => {
    await backUp(product.api)
    const id = ids.get('core-1') ?? 0
    await openSignedIn(`/devices/${id}`)
    // Three answers, each when it comes.
    await page.getByRole('link', { name: 'v1', exact: true }).waitFor()
    await page.getByText('Last success').waitFor()
    await page.getByText('Platform').waitFor()
    const device = await text('main')
    await page.getByRole('link', { name: 'v1', exact: true }).click()
    await page.getByRole('region', { name: 'Configuration' }).waitFor()

    const answer = await fetch(`${product.runtime.url}/api/backups/devices/${id}/versions/1/text/`, {
      headers: { authorization: `Token ${product.token}` },
    })
    const stored = (await answer.text()).trimEnd()
    expect(device).toMatch(/Last success\s+\S/)
    expect(device).toContain('SHA256:')
    expect(await page.locator('pre.text').textContent()).toBe(stored)
    expect((await text('pre.numbers')).split('\n').at(-1)).toBe(String(stored.split('\n').length))
    expect(browser.complaints).toEqual([])
  })

  test.each([
    { what: 'an unknown page', path: '/nowhere', says: 'There is no such page' },
    { what: 'a search without hits', path: '/devices?q=nothing-like-it', says: 'No device has' },
    { what: 'an unknown run', path: '/runs/4711', says: 'There is no backup run 4711' },
  ])('$what says so', async ({ path, says }) => {
    await openSignedIn(path)
    await page.getByText(says).waitFor()

    expect(await text('main')).toContain(says)
  })

  test('after signing out nothing is left to see', async () => {
    await openSignedIn('/devices')
    await page.getByRole('link', { name: 'core-1' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('API token').waitFor()

    expect(await page.getByText('core-1').count()).toBe(0)
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  })

  test('a token that is revoked meanwhile leads back to the sign-in', async () => {
    await openSignedIn('/runs')
    await page.evaluate(() => sessionStorage.setItem('netkeep-token', 'revoked'))
    await page.getByRole('link', { name: 'Devices' }).click()
    await page.getByLabel('API token').waitFor()

    expect(new URL(page.url()).pathname).toBe('/devices')
  })
})
