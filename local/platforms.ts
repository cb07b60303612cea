import { writeFileSync } from 'node:fs'
import { platformPage, platformRows, type PlatformRow } from './platform-table.ts'

/** `npm run platforms` prints what is known of each platform; with `--write` it makes the page of the documentation. */
const rows = platformRows()

if (process.argv.includes('--write')) {
  writeFileSync(new URL('../docs/platforms.md', import.meta.url), platformPage(rows))
  console.log(`docs/platforms.md: ${rows.length} platforms`)
} else {
  const columns: [title: keyof PlatformRow, width: number][] = [
    ['id', 22],
    ['serves', 44],
    ['paging', 34],
    ['privilege', 14],
    ['configuration', 44],
    ['complete', 40],
    ['tested', 60],
    ['doubts', 60],
    ['sources', 80],
  ]
  const line = (cell: (title: keyof PlatformRow) => string): string =>
    columns
      .map(([title, width]) =>
        cell(title).length > width ? `${cell(title).slice(0, width - 1)}…` : cell(title).padEnd(width),
      )
      .join('  ')
      .trimEnd()
  console.log(line((title) => title))
  for (const row of rows) console.log(line((title) => row[title]))
  const names = rows.flatMap(({ serves }) => serves.split(', '))
  const doubtful = rows.filter(({ doubts }) => doubts !== '').length
  console.log(
    `${rows.length} platforms, ${names.length} device types, ${doubtful} platforms with something not confirmed or missing`,
  )
}
