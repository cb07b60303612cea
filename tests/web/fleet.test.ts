import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, labOf, loadDevices, placeLab, type Run } from '../support/backups.ts'
import { type Browser, browserMissing, signIn, startBrowser } from '../support/browser.ts'
import { foreignHistory } from '../support/foreign-history.ts'
import { type Product, startProduct } from '../support/product.ts'

const noise = 'ntp server 203.0.113.9'
const change = 'logging host 203.0.113.7'

const isMissing = browserMissing !== undefined

describe.skipIf(isMissing)(`the fleet in the console${isMissing ? ` (${browserMissing})` : ''}`, () => {
  let product: Product
  let lab: Lab
  let browser: Browser
  let page: Page
  let ids: Map<string, number>
  let run: Run

  beforeAll(async () => {
    ;[product, lab] = await Promise.all([
      startProduct(),
      labOf([
        { name: 'sw1' },
        { name: 'sw2' },
        { name: 'locked', logins: [{ username: 'somebody', password: 'Else-1' }] },
      ]),
    ])
    ids = await loadDevices(product.api, placeLab(lab))
    await product.api.post('/backups/noise-rules/', { name: 'time', pattern: '^ntp server ' })
    await product.api.post('/backups/subscriptions/', {
      name: 'chat',
      channel: 'webhook',
      // Nobody listens on this port.
      destination: 'http://127.0.0.1:1/hook',
    })
    await backUp(product.api)
    lab.devices[0]?.change(noise)
    lab.devices[1]?.change(change)
    run = await backUp(product.api)
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
  const heads = (): Promise<string[]> => page.locator('tbody th').allInnerTexts()
  const headsOf = (name: string): Promise<string[]> =>
    page.getByRole('region', { name, exact: true }).locator('tbody th').allInnerTexts()
  const choose = (name: string, word: string): Promise<void> =>
    page.getByRole('navigation', { name }).getByText(word, { exact: true }).click()
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const address = (): string => new URL(page.url()).search

  test('changes that mean something are told from others, in a run and among versions', async () => {
    const results = () => headsOf('Results')
    const versions = () => headsOf('Versions')
    await go(`/runs/${run.id}`)
    await choose('Filter by status', 'Changed 2')
    await expect.poll(results).toEqual(['sw1', 'sw2'])
    await choose('Filter changes', 'Significant')
    await expect.poll(results).toEqual(['sw2'])
    const significant = address()
    await choose('Filter changes', 'Not significant')
    await expect.poll(results).toEqual(['sw1'])
    await page.getByRole('link', { name: 'Session log of sw1' }).click()
    await page.getByRole('region', { name: 'Session with sw1' }).waitFor()
    const withLog = address()
    const width = await overflow()
    await go(`/devices/${ids.get('sw1')}`)
    await choose('Filter versions', 'Not significant')
    await expect.poll(versions).toEqual([expect.stringMatching(/^v2 not significant/)])
    await choose('Filter versions', 'Significant')
    await expect.poll(versions).toEqual(['v1'])
    const first = await page.getByRole('region', { name: 'Versions' }).locator('tbody tr').innerText()

    // Whom the device names.
    expect(first).toMatch(/\tnetops\t/)
    expect(significant).toBe('?status=changed&significant=true')
    expect(withLog).toBe(`?status=changed&significant=false&log=${ids.get('sw1')}`)
    expect(address()).toBe('?significant=true')
    expect([width, await overflow()]).toEqual([0, 0])
    expect(browser.complaints).toEqual([])
  })
  test('conflicts are decided on together, and each that cannot be is told', async () => {
    await go('/conflicts?field=device_type')
    await page.getByLabel('Choose: Device type of sw1').check()
    await button('Accept chosen').click()
    await page.keyboard.type('as racked')
    await page.keyboard.press('Enter')
    const refused = await page.getByRole('alert').innerText()
    const complaints = browser.complaints.splice(0)
    // As if there were more than a page of them.
    await page.route(/conflicts\/\?.*limit=50/, (route, request) =>
      route.continue({ url: request.url().replace('limit=50', 'limit=1') }),
    )
    await page.reload()
    await page.getByLabel('Choose all of this page').check()
    await button('Choose all 2').click()
    await button('Keep chosen').click()
    await page.getByRole('dialog', { name: 'Keep 2 conflicts' }).getByLabel('Reason').fill('spares')
    await page.keyboard.press('Enter')
    await page.getByText('2 of 2 done.').waitFor()
    await page.unrouteAll()
    await choose('Filter by field', 'Serial number')
    await page.getByLabel('Site', { exact: true }).selectOption('ams')
    await button('Show').click()
    await expect.poll(heads).toEqual(['sw1', 'sw2'])
    await page.getByLabel('Choose all of this page').check()
    const width = await overflow()
    await button('Accept chosen').click()
    await page.getByRole('dialog', { name: 'Accept 2 conflicts' }).getByLabel('Reason').fill('as printed')
    await page.keyboard.press('Enter')
    await page.getByText('2 of 2 done.').waitFor()
    await page.getByText('No device says anything else').waitFor()

    expect(refused).toMatch(/sw1, device type: No device type has the model, .*make one first\./)
    expect(complaints).toEqual([expect.stringContaining('400')])
    expect(address()).toMatch(/^\?state=new&field=serial&site_id=\d+$/)
    expect(await product.api.get(`/dcim/devices/${ids.get('sw2')}/`)).toMatchObject({
      serial: expect.stringMatching(/\w/),
    })
    expect(width).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
  })

  test('the software of the fleet is counted, narrowed down to a site, led to its devices and taken along', async () => {
    await go('/software')
    await page.getByLabel('Site', { exact: true }).selectOption('ams')
    await button('Show').click()
    const row = page.locator('tbody tr')
    await row.waitFor()
    await expect.poll(address).toMatch(/^\?site_id=\d+$/)
    const group = (await row.innerText()).split(/\s*\t\s*/)
    const width = await overflow()
    const [file] = await Promise.all([page.waitForEvent('download'), button('Download CSV').click()])
    await row.getByRole('link').click()
    await expect.poll(heads).toEqual(['sw1', 'sw2'])

    expect(group).toEqual([expect.stringMatching(/^\d/), expect.any(String), 'cisco_ios', 'cisco_ios', '2'])
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(`${group[0]}, ${group[1]}`)
    expect(await readFile(await file.path(), 'utf8')).toContain(`,${group[0]},2`)
    expect([width, await overflow()]).toEqual([0, 0])
    expect(browser.complaints).toEqual([])
  })
  test('versions and devices are compared side by side and in one column, at an address of their own', async () => {
    const [sw1, sw2] = [ids.get('sw1'), ids.get('sw2')]
    await go(`/devices/${sw1}`)
    await page.getByRole('link', { name: 'Changes of v2' }).click()
    const lines = (name: string) => page.getByRole('region', { name, exact: true }).locator('pre.text')
    await lines('Differences').waitFor()
    const changes = await lines('Differences').locator('ins').allTextContents()
    const gutter = await page.getByRole('region', { name: 'Differences' }).locator('.numbers').innerText()
    await choose('How it is shown', 'Volatile lines')
    await page.getByText('Lines marked · change by themselves.').waitFor()
    await choose('How it is shown', 'Side by side')
    await page.getByLabel('Left version').selectOption({ value: '1' })
    await page.getByLabel('Left device').fill('sw2')
    await expect.poll(() => page.getByLabel('Left version').inputValue()).toBe('latest')
    await button('Compare').click()
    await page.getByRole('heading', { name: /^sw2 v2 .*→ sw1 v2/ }).waitFor()
    const compared = address()
    const left = await lines('Left').locator('del').allTextContents()
    const heights = await Promise.all(
      ['Left', 'Right'].map((side) => lines(side).evaluate((pre) => pre.clientHeight)),
    )
    const width = await overflow()
    await choose('How it is shown', 'Swap sides')
    await page.getByRole('heading', { name: /^sw1 v2 .*→ sw2 v2/ }).waitFor()

    expect(changes).toEqual([`+${noise}\n`])
    expect(gutter).toMatch(/^ +\d+ ~$/m)
    expect(compared).toBe(
      `?left_device=${sw2}&left_version=latest&right_device=${sw1}&right_version=2&view=split&volatile=1`,
    )
    expect(left.join('')).toContain('hostname sw2')
    expect(heights[0]).toBe(heights[1])
    expect(address()).toContain(`left_device=${sw1}&left_version=2&right_device=${sw2}&right_version=2`)
    expect(width).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
  })
  test('who fails is counted by cause, with its last success, and who was never backed up', async () => {
    await go('/coverage')
    await expect.poll(heads).toEqual(['locked'])
    const row = (await page.locator('tbody tr').innerText()).split(/\s*\t\s*/)
    const tallies = await page.locator('.tallies').innerText()
    const width = await overflow()
    await page.getByRole('navigation', { name: 'Filter by cause' }).getByRole('link').nth(1).click()
    await expect.poll(address).toMatch(/^\?standing=failing&category=\w+$/)
    await expect.poll(heads).toEqual(['locked'])
    await choose('Filter by standing', 'Never')
    await page.getByText('Every device was backed up once.').waitFor()
    await choose('Filter by standing', 'Fresh')
    await expect.poll(heads).toEqual(['sw1', 'sw2'])

    expect(row.slice(0, 4)).toEqual(['locked', '✕ Failing', expect.stringMatching(/^\w+$/), 'Never'])
    expect(tallies).toMatch(/Devices\s+3\s+Failing\s+1\s+Never\s+0\s+Stale\s+0\s+Fresh\s+2/)
    expect(width).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
  })

  test('a run tells who was told of it, and why somebody was not, as does a test message', async () => {
    await go(`/runs/${run.id}`)
    const told = page.getByRole('region', { name: 'Notifications' }).locator('tbody tr')
    await told.locator('.status', { hasText: 'Failed' }).waitFor()

    expect(await told.allInnerTexts()).toEqual([expect.stringMatching(/^chat\s+webhook[^]*ECONNREFUSED/)])
    await go('/subscriptions')
    await button('Send a test message to chat').click()
    await page.getByText(/^Not delivered: .*ECONNREFUSED/).waitFor()
    expect(await overflow()).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
  })
  test('retention is looked at first, and done only by a second word', async () => {
    await go('/jobs')
    await button('See what would go').click()
    await page.waitForURL(/\/jobs\/\d+$/)
    await page.locator('.heading .status', { hasText: 'Completed' }).waitFor()
    const dry = await page.getByRole('region', { name: 'Result' }).innerText()
    const width = await overflow()
    await button('Let go now').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Let go now' }).click()
    await page.getByRole('heading', { name: 'Retention', exact: false, level: 1 }).waitFor()
    await page.locator('.heading .status', { hasText: 'Completed' }).waitFor()
    await page.getByText('Texts deleted').waitFor()

    expect(dry).toMatch(/Versions\s+0/)
    await expect.poll(() => button('Let go now').count()).toBe(0)
    expect(width).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
  })

  test('a history is told, imported after a look, and its versions are there', async () => {
    const history = foreignHistory()
    history.commit({ sw1: 'hostname sw1\nvlan 7\nend\n', stranger: 'hostname stranger\nend\n' })
    const bundle = history.bundle()
    history.remove()
    await go('/jobs')
    await button('Begin an import').click()
    const [, link = ''] =
      /^curl -T netkeep\.bundle '(.*)'$/m.exec(await page.locator('pre').innerText()) ?? []
    const width = await overflow()
    await page.getByRole('link', { name: /^job \d+$/ }).click()
    await page.getByText('Not begun yet').waitFor()
    await fetch(link, { method: 'PUT', body: new Uint8Array(bundle) })
    await button('Import now').click()
    const told = await page.getByRole('region', { name: 'Result' }).innerText()
    const files = await page.getByRole('region', { name: 'Files' }).getByRole('link').allInnerTexts()
    await page.getByRole('dialog').getByRole('button', { name: 'Import now' }).click()
    await page.getByRole('heading', { name: 'Import of a history' }).waitFor()
    await page.locator('.heading .status', { hasText: 'Completed' }).waitFor()
    await go(`/devices/${ids.get('sw1')}`)
    await page.getByRole('link', { name: 'v-1', exact: true }).waitFor()

    expect(told).toMatch(/Versions\s+1[^]*Unmatched paths\s+stranger/)
    expect(files).toEqual(['history-1.csv', 'unmatched.csv'])
    expect(width).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
  })
  test('a device is backed up by itself, its new key is accepted, and what failed is tried again', async () => {
    lab.devices[1]?.changeHostKey()
    await go('/devices?q=sw')
    await page.getByLabel('Platform', { exact: true }).selectOption('cisco_ios')
    await button('Show').click()
    await expect.poll(address).toMatch(/^\?q=sw&platform_id=\d+$/)
    await page.getByRole('link', { name: 'sw2' }).click()
    await page.getByRole('row', { name: /^Serial number / }).waitFor()
    await button('Back up now').click()
    await page.waitForURL(/\/runs\/\d+$/)
    const first = page.url()
    await button('Accept the key of sw2').click()
    await page.getByRole('dialog').getByLabel('Reason').fill('exchanged')
    await page.keyboard.press('Enter')
    await page.getByText('Accepted: the next backup takes this key.').waitFor()
    const width = await overflow()
    await button('Back up the failed again').click()
    await page.waitForURL((url) => url.href !== first && /\/runs\/\d+$/.test(url.pathname))
    await page.locator('.heading .status', { hasText: 'Success' }).waitFor()
    await page.getByText('1 of 1 devices done').waitFor()

    await expect.poll(() => headsOf('Results')).toEqual(['sw2'])
    expect(width).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
  })
})
