import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyDelta, encodeDelta } from '../../../shared/git/delta.ts'

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, line) => `interface Ethernet${from + line}\n no shutdown\n`).join('')

const sizeOf = (base: string, target: string): number => {
  const delta = encodeDelta(Buffer.from(base), Buffer.from(target))
  expect(applyDelta(Buffer.from(base), delta).toString()).toBe(target)
  return delta.length
}

test.each([
  ['the same text', lines(0, 3000), lines(0, 3000), 20],
  ['a line in the middle', lines(0, 3000), `${lines(0, 1500)} mtu 9000\n${lines(1500, 3000)}`, 40],
  ['a line at the end', lines(0, 3000), `${lines(0, 3000)}end\n`, 40],
  ['a line less', lines(0, 3000), lines(0, 1000) + lines(1001, 3000), 40],
  ['parts that changed places', lines(0, 3000), lines(1500, 3000) + lines(0, 1500), 40],
  ['two changes far apart', `a\n${lines(0, 3000)}b\n`, `c\n${lines(0, 3000)}d\n`, 50],
  ['nothing before', '', lines(0, 10), 400],
  ['nothing after', lines(0, 10), '', 10],
])('%s makes a small delta', (_, base, target, bytesMax) => {
  expect(sizeOf(base, target)).toBeLessThan(bytesMax)
})

test('a text of one line a thousand times is encoded in bounded time', () => {
  const same = 'interface Ethernet1\n'
  expect(sizeOf(same.repeat(50_000), `x${same.repeat(40_000)}y${same.repeat(30_000)}`)).toBeLessThan(400)
})

test('any two byte strings make a delta that gives the second one back', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(Buffer.from(lines(0, 20)), Buffer.from('\0'.repeat(200)), Buffer.alloc(70_000, 'ab')),
  )
  const bytes = fc.array(piece, { maxLength: 6 }).map((pieces) => Buffer.concat(pieces))
  fc.assert(
    fc.property(bytes, bytes, (base, target) => {
      expect(applyDelta(base, encodeDelta(base, target)).equals(target)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('a delta is refused on another base, cut short, or damaged', () => {
  const base = Buffer.from(lines(0, 20))
  const delta = encodeDelta(base, Buffer.from(`${lines(5, 20)}end\n`))

  expect(() => applyDelta(base.subarray(1), delta)).toThrow('another base')
  expect(() => applyDelta(base, delta.subarray(0, -2))).toThrow(/damaged|cut short/)
  expect(() => applyDelta(base, Buffer.concat([delta, Buffer.from([0])]))).toThrow('damaged')
})
