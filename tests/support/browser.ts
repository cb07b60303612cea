import { existsSync, rmSync } from 'node:fs'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { newFolder } from './product.ts'

const executablePath = '/usr/bin/chromium'

/** Why no browser can be started here. */
export const browserMissing = existsSync(executablePath) ? undefined : `there is no ${executablePath}`

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export type Browser = {
  /** A new tab on a page of the console; without a session. */
  open(path: string): Promise<Page>
  /** What the pages complained of: console errors, refusals of the content security policy, exceptions. */
  complaints: string[]
  stop(): Promise<void>
}

/** A real browser with a profile of its own. */
export async function startBrowser(
  url: string,
  look: { width?: number; height?: number; colorScheme?: 'light' | 'dark' } = {},
): Promise<Browser> {
  const { width = 1200, height = 800, colorScheme = 'light' } = look
  const profile = newFolder('browser')
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: quiet,
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
  })
  const complaints: string[] = []
  context.on('weberror', (error) => complaints.push(String(error.error())))
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  return {
    complaints,
    async open(path) {
      const page = await context.newPage()
      await page.goto(`${url}${path}`)
      return page
    },
    async stop() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

/** Signs in by the form on the page. */
export async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('API token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
