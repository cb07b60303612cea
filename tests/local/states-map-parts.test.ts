import { expect, test } from 'vitest'
import { batchItems } from '../../local/states/batches.ts'
import { parseCsv } from '../../local/states/csv.ts'
import { isPast } from '../../local/states/map-children.ts'

test('batches hold at most so many items and so many bytes', () => {
  const items = ['aaaa', 'bbbb', 'cccc', 'dddd']

  const frame = JSON.stringify({ Items: [] }).length

  expect(batchItems(items, { maxItems: 3 }).map(({ items }) => items)).toEqual([3, 1])
  expect(batchItems(items, { maxBytes: frame + 13 }).map(({ items }) => items)).toEqual([2, 2])
  expect(batchItems(items, { maxBytes: frame + 12 }).map(({ items }) => items)).toEqual([1, 1, 1, 1])
  expect(batchItems(items, { maxBytes: 1 }).map(({ items }) => items)).toEqual([1, 1, 1, 1])
  expect(batchItems([], { maxItems: 3 })).toEqual([])
})

test.each([
  [{}, 1, 100, true],
  [{}, 0, 100, false],
  [{ percentage: 5 }, 5, 100, false],
  [{ percentage: 5 }, 6, 100, true],
  [{ count: 3 }, 3, 100, false],
  [{ count: 3 }, 4, 100, true],
  [{ count: 50, percentage: 5 }, 6, 100, true],
])('the tolerance %o over %i failed of %i: past is %s', (tolerance, failed, total, past) => {
  expect(isPast({ percentage: undefined, count: undefined, ...tolerance }, failed, total)).toBe(past)
})

test('quoted CSV fields hold delimiters, quotes and line ends', () => {
  expect(parseCsv('a,"b ""c"", d","e\nf"\r\n,,\n\nlast', ',')).toEqual([
    ['a', 'b "c", d', 'e\nf'],
    ['', '', ''],
    ['last'],
  ])
})
