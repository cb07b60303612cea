import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { platformPage, platformRows } from '../../local/platform-table.ts'

test('docs/platforms.md says what the data says (npm run platforms -- --write)', () => {
  const page = readFileSync(new URL('../../docs/platforms.md', import.meta.url), 'utf8')

  expect(page).toBe(platformPage(platformRows()))
})

test('every platform is listed with how its configuration is read, what it is tested by and where that comes from', () => {
  const rows = platformRows()

  for (const { id, configuration, complete, tested, sources, paging } of rows) {
    expect([id, configuration, complete, sources, paging].filter((text) => text.trim() === '')).toEqual([])
    expect(tested).toMatch(/prompts, secrets/)
  }
})
