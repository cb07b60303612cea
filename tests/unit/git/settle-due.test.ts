import { expect, test } from 'vitest'
import type { Pack } from '../../../shared/git/repositories.ts'
import { dueBatch } from '../../../shared/git/settle.ts'

const mebibyte = 1024 * 1024
const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()

/** Packs of commits, oldest first: how many each has, and how large they are. */
const packsOf = (commits: readonly number[], bytes = 100_000): Pack[] =>
  commits.flatMap((count, commit) =>
    Array.from({ length: count }, (_, place) => ({
      version: 1,
      pack: `${commit}-${place}`,
      copy: '',
      bytes,
      objects: 1,
      commit: `commit-${commit}`,
      createdAt: at(commit),
    })),
  )
const settled = (bytes: number): Pack => ({
  ...(packsOf([1], bytes)[0] as Pack),
  pack: 'settled',
  settled: { from: '', part: 0 },
})
const times = (count: number, packs: number): number[] => Array<number>(count).fill(packs)
const commitsOf = (packs: readonly Pack[]): string[] => [...new Set(packs.map(({ commit }) => commit))]

test.each([
  ['nothing is there', [], 0],
  ['there are few', packsOf(times(15, 1)), 0],
  ['eight are older than the eight newest', packsOf(times(16, 1)), 8],
  ['commits have several packs, and none is split', packsOf(times(6, 3)), 12],
  ['the newest commit alone has many', packsOf([40]), 0],
  ['the newest commit has many and older ones too', packsOf([12, 40]), 12],
  ['what is settled is much larger', [...packsOf(times(16, 1)), settled(8 * mebibyte)], 0],
  [
    'what is settled is much larger, and there are many',
    [...packsOf(times(72, 1)), settled(100 * mebibyte)],
    64,
  ],
  ['more than memory should hold: whole commits that fit', packsOf(times(30, 4), 4 * mebibyte), 32],
  ['one commit is more than memory should hold', packsOf([100, ...times(9, 1)], 4 * mebibyte), 100],
  ['one commit is more than memory can hold', packsOf([300, ...times(16, 1)], 4 * mebibyte), 8],
])('where %s, packs are taken', (_, packs, count) => {
  const batch = dueBatch(packs.toReversed())

  expect(batch).toHaveLength(count)
  expect(batch.some(({ commit }) => commit === commitsOf(packs).at(-1))).toBe(false)
})

test('the oldest commits come first, in their order', () => {
  const batch = dueBatch(packsOf(times(20, 1)))

  expect(commitsOf(batch)).toEqual(Array.from({ length: 12 }, (_, commit) => `commit-${commit}`))
})

test('what is retired is not taken again', () => {
  const packs = packsOf(times(24, 1)).map((pack, place) =>
    place < 12 ? { ...pack, retiredAt: at(30) } : pack,
  )

  expect(dueBatch(packs)).toEqual([])
})
