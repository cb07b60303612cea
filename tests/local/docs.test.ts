import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** The page of differences must not promise tests that are gone. */
const page = readFileSync(new URL('../../docs/local-runtime.md', import.meta.url), 'utf8')
const rows = page
  .slice(page.indexOf('## Differences'))
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| On AWS'))
  .map((line) => line.split(' | ').at(-1)?.replace(/ \|$/, '') ?? '')

test.each(rows)('a difference names a test that exists: %s', (cell) => {
  const [, file, title] = /^`([\w-]+)`: (.+)$/.exec(cell) ?? []

  const source = readFileSync(new URL(`${file}.test.ts`, import.meta.url), 'utf8')
  expect(source).toContain(`${title}'`)
})

test('there are rows to check', () => {
  expect(rows.length).toBeGreaterThan(30)
})
