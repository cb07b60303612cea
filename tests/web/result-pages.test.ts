import { assert, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { resultOrder, windowsOf } from '../../web/src/result-pages.ts'

test('a page in the middle takes the end of one list and the start of the next', () => {
  const windows = windowsOf({ failed: 3, changed: 0, skipped: 0, unchanged: 9 }, resultOrder, {
    offset: 2,
    limit: 4,
  })

  expect(windows).toEqual([
    { status: 'failed', offset: 2, limit: 1 },
    { status: 'unchanged', offset: 0, limit: 3 },
  ])
})

test('the pages together hold every result once, in order, whatever the counts', () => {
  const count = integer({ min: 0, max: 40 })
  const counts = record({ failed: count, changed: count, skipped: count, unchanged: count })

  assert(
    property(counts, integer({ min: 1, max: 25 }), (given, limit) => {
      const shown: string[] = []
      for (let offset = 0; offset < 160; offset += limit)
        for (const window of windowsOf(given, resultOrder, { offset, limit }))
          for (let n = 0; n < window.limit; n++) shown.push(`${window.status} ${window.offset + n}`)

      const wanted = resultOrder.flatMap((status) =>
        Array.from({ length: given[status] }, (_none, n) => `${status} ${n}`),
      )
      expect(shown).toEqual(wanted)
    }),
  )
})
