import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Api } from '../../local/demo/api.ts'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, labOf, loadDevices, placeLab, resultsOf } from '../support/backups.ts'
import { type Browser, browserMissing, signIn, startBrowser } from '../support/browser.ts'
import { type Product, startProduct } from '../support/product.ts'

const strayLine = 'ntp server 203.0.113.9'

/** A schedule, and rules of which a device fails one, is excepted of one and passes one. */
async function loadUpkeep(api: Api, device: number): Promise<void> {
  await api.post('/backups/schedules/', { name: 'nightly', cron: '0 4 * * *' })
  const rules = await api.post<{ id: number }[]>('/backups/compliance-rules/', [
    { name: 'no stray NTP', kind: 'matches_not', severity: 'critical', value: '^ntp server 203\\.' },
    { name: 'central log', kind: 'contains', severity: 'low', value: 'logging host 198.51.100.77' },
    { name: 'has a name', kind: 'matches', severity: 'high', value: '^hostname ' },
  ])
  await api.post('/backups/compliance-exceptions/', { rule: rules[1]?.id, device, reason: 'not before May' })
}

const isMissing = browserMissing !== undefined

describe.skipIf(isMissing)(`upkeep in the console${isMissing ? ` (${browserMissing})` : ''}`, () => {
  let product: Product
  let lab: Lab
  let browser: Browser
  let page: Page
  let device = 0

  beforeAll(async () => {
    ;[product, lab] = await Promise.all([startProduct(), labOf([{ name: 'sw1' }, { name: 'sw2' }])])
    const ids = await loadDevices(product.api, placeLab(lab))
    device = ids.get('sw1') ?? 0
    await loadUpkeep(product.api, device)
    await backUp(product.api)
    lab.devices[0]?.change(strayLine)
    await backUp(product.api, { devices: [device] })
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
    await page.getByRole('log').getByText('paused by admin').waitFor()
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

  test('a session is recorded, also as another platform, and its file is taken along', async () => {
    await go(`/devices/${device}`)
    await button('Record a session').click()
    const dialog = page.getByRole('dialog', { name: 'Record a session with sw1' })
    await dialog.getByLabel('Device type').fill('cisco_oss')
    await page.keyboard.press('Enter')
    await dialog.getByRole('alert').getByText('cisco_oss').waitFor()
    const complaints = browser.complaints.splice(0)
    await dialog.getByLabel('Device type').fill('cisco_xe')
    await page.keyboard.press('Enter')
    await page.locator('.heading .status', { hasText: 'Configuration read' }).waitFor()
    const width = await overflow()
    const [file] = await Promise.all([page.waitForEvent('download'), button('Download the session').click()])
    await go('/jobs')

    await page.getByRole('row', { name: /^Recorded session with sw1 .*Configuration read/ }).waitFor()
    expect(file.suggestedFilename()).toBe('cisco_xe#sw1#session.json')
    expect(JSON.parse(await readFile(await file.path(), 'utf8'))).toMatchObject({ model: 'cisco_xe' })
    expect([width, complaints]).toEqual([0, [expect.stringContaining('400')]])
    expect(browser.complaints).toEqual([])
  })

  test('a device tells its next run and its schedules, and how it stands to each rule', async () => {
    await go(`/devices/${device}`)
    const compliance = page.getByRole('region', { name: 'Compliance' })
    await compliance.getByText('no stray NTP').waitFor()
    await page.getByText('nightly', { exact: true }).waitFor()
    const rules = await compliance.getByRole('listitem').allInnerTexts()

    expect(rules).toEqual([
      expect.stringMatching(/^✕ Fails no stray NTP Critical[^]*Should not be there:\s+\d+: ntp server 203/),
      expect.stringMatching(/^~ Excepted central log Low[^]*not before May[^]*Missing:\s+logging host/),
      expect.stringMatching(/^✓ Passes has a name High/),
    ])
    expect(await page.getByRole('region', { name: 'Backup' }).innerText()).toMatch(
      /Next run\s+\S[^\n]*\(nightly\)/,
    )
    expect(await overflow()).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
  })

  test('a version is pinned for a reason, and let go again', async () => {
    await go(`/devices/${device}`)
    await button('Pin v1').click()
    await page.keyboard.type('before the merger')
    await page.keyboard.press('Enter')
    await page.getByText('by admin: before the merger').waitFor()
    await button('Unpin v1').click()
    await page.getByRole('dialog').getByLabel('Reason').fill('merged')
    await page.keyboard.press('Enter')
    await button('Pin v1').waitFor()

    const pins = await product.api.get<{ count: number }>('/backups/version-pins/')
    expect(pins.count).toBe(0)
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    expect(browser.complaints).toEqual([])
  })

  test('the way back to a version is shown, copied and taken along', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await go(`/devices/${device}`)
    await page.getByRole('link', { name: 'Restore plan of v1' }).click()
    await button('Copy lines').click()
    await page.getByText('Copied.').waitFor()
    const [file] = await Promise.all([page.waitForEvent('download'), button('Download as Markdown').click()])
    const lines = await page.getByRole('region', { name: 'Proposed lines' }).locator('.text').innerText()

    expect(new URL(page.url()).pathname).toBe(`/devices/${device}/versions/1/restore`)
    expect(lines).toContain(`no ${strayLine}`)
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(lines)
    expect(file.suggestedFilename()).toBe('sw1-v1-restore.md')
    expect(await readFile(await file.path(), 'utf8')).toContain('# sw1: back to version 1')
    expect(await page.getByRole('heading', { name: /^Way 1: / }).count()).toBe(1)
    expect(await overflow()).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
  })

  test('secrets are revealed for a reason that is written down, and are gone with the page', async () => {
    const secret = /^enable secret .*|^username .*/m
    await go(`/devices/${device}/versions/1`)
    const shown = page.getByRole('region', { name: 'Configuration', exact: true })
    await shown.waitFor()
    await button('Reveal secrets').click()
    await page.keyboard.type('rebuild of sw1')
    await page.keyboard.press('Enter')
    const revealed = page.getByRole('region', { name: 'Configuration with its secrets' })
    await revealed.waitFor()
    const text = await revealed.locator('.text').innerText()
    const width = await overflow()
    await button('Hide').click()
    await shown.waitFor()

    expect(text).toMatch(secret)
    expect(text).not.toContain('<secret:')
    expect(await page.locator('body').innerText()).not.toContain(secret.exec(text)?.[0])
    expect(await product.api.get('/backups/reveals/')).toMatchObject({
      results: [{ outcome: { value: 'granted' }, reason: 'rebuild of sw1', config_version: 1 }],
    })
    expect(width).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
  })

  test('who may not see secrets is told so, and that it is written down', async () => {
    const { key } = await product.api.post<{ key: string }>('/users/tokens/', { write_enabled: false })
    await page.evaluate((token) => sessionStorage.setItem('netkeep-token', token), key)
    await go(`/devices/${device}/versions/1`)
    await button('Reveal secrets').click()
    await page.getByRole('dialog').getByLabel('Reason').fill('curious')
    await button('Reveal').click()
    const alert = page.getByRole('dialog').getByRole('alert')
    await alert.waitFor()
    await page.evaluate((token) => sessionStorage.setItem('netkeep-token', token), product.token)

    expect(await alert.innerText()).toMatch(
      /You may not see the secrets\. .*That you asked is written down\./,
    )
    expect(browser.complaints).toEqual([expect.stringContaining('403')])
  })

  test('compliance is counted by rule and severity, narrowed down, and taken along', async () => {
    await go('/compliance')
    const devices = page.getByRole('region', { name: 'Devices' })
    await devices.getByRole('link', { name: 'sw1' }).waitFor()
    const row = page.getByRole('region', { name: 'Rules' }).getByRole('row', { name: /no stray NTP/ })
    const counts = (await row.innerText()).split(/\s*\t\s*/)
    const width = await overflow()
    await page.getByRole('navigation', { name: 'Filter by severity' }).getByText('Critical 1').click()
    await expect.poll(() => page.getByRole('row', { name: /central log/ }).count()).toBe(0)
    const failing = await devices.locator('tbody tr').allInnerTexts()
    await page.getByLabel('Rule', { exact: true }).selectOption('no stray NTP')
    await page.getByLabel('Devices that').selectOption('are excepted')
    await button('Show').click()
    await page.getByText('Of no device all failures are excepted.').waitFor()
    const { search } = new URL(page.url())
    await go('/compliance')
    const [file] = await Promise.all([page.waitForEvent('download'), button('Download CSV').click()])
    await button('Check now').click()
    await page.getByText('Completed.').waitFor()

    expect(counts).toEqual(['no stray NTP', 'Critical', '1', '0', '1', '0', '0'])
    expect(failing).toEqual([
      expect.stringMatching(/^sw1\s+no stray NTP \(Critical\): line \d+ ntp server 203/),
    ])
    expect(search).toMatch(/^\?severity=critical&rule_id=\d+&standing=excepted$/)
    expect(await readFile(await file.path(), 'utf8')).toContain(strayLine)
    expect(width).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
  })

  test('a conflict is decided for either side', async () => {
    await go('/conflicts')
    const rows = page.locator('tbody tr')
    await rows.first().waitFor()
    const width = await overflow()
    await page.getByRole('navigation', { name: 'Filter by field' }).getByText('Serial number').click()
    await expect.poll(() => rows.count()).toBe(2)
    const says = await rows.first().locator('td').nth(3).innerText()
    await button('Accept: Serial number of sw1').click()
    await page.keyboard.press('Tab')
    await page.getByRole('dialog').getByLabel('Reason').fill('as printed on it')
    await page.keyboard.press('Enter')
    await button('Accept: Serial number of sw1').waitFor({ state: 'detached' })
    await button('Keep: Serial number of sw2').click()
    await page.getByRole('dialog').getByLabel('Reason').fill('a spare')
    await page.keyboard.press('Enter')
    await page.getByText('No device says anything else').waitFor()
    await page.getByRole('navigation', { name: 'Filter by state' }).getByText('Ignored').click()
    await page.getByText('by admin: a spare').waitFor()

    expect(await product.api.get(`/dcim/devices/${device}/`)).toMatchObject({ serial: says })
    expect(width).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
  })

  test('a git remote tells how far it is and why not, and is pushed to when asked', async () => {
    await go('/git-remotes')
    await page.getByText('The history is pushed nowhere yet').waitFor()
    await product.api.post('/backups/git-remotes/', {
      name: 'gitea',
      // Nobody listens on this port.
      remote_url: 'http://127.0.0.1:1/backup.git',
      username: 'netkeep',
      token: 'Push-Token-1',
    })
    await page.reload()
    const remote = page.getByRole('region', { name: 'gitea' })
    await remote.getByText('Never pushed').waitFor()
    await button('Push now to gitea').click()
    await remote.locator('.status', { hasText: 'Failing' }).waitFor()
    await remote.getByText(/^Failed: /).waitFor()

    expect(await remote.locator('p.failure').innerText()).toMatch(/^\w+ \S/)
    expect(await overflow()).toBeLessThanOrEqual(0)
    expect(browser.complaints).toEqual([])
  })
})
