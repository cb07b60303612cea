import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spanOf, type Span } from '../../../shared/ipam/addresses.ts'
import {
  countOf,
  freeSpans,
  joinSpans,
  networksOf,
  slotsOf,
  utilisationOf,
} from '../../../shared/ipam/spans.ts'

const whole: Span = { first: 0n, last: 255n }
const anySpan = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 60 }))
  .map(([first, more]): Span => ({ first: BigInt(first), last: BigInt(first + more) }))
const anySpans = fc.array(anySpan, { maxLength: 8 })

/** Slow and plain: every number by itself. */
const numbersIn = (spans: readonly Span[]): Set<number> =>
  new Set(
    spans.flatMap(({ first, last }) =>
      Array.from({ length: Number(last - first) + 1 }, (_, index) => Number(first) + index),
    ),
  )

describe('spans, against counting every number', () => {
  test('what is free is what no span takes', () => {
    fc.assert(
      fc.property(anySpans, (taken) => {
        const used = numbersIn(taken)
        const expected = [...numbersIn([whole])].filter((number) => !used.has(number))
        const free = freeSpans(whole, taken)

        expect([...numbersIn(free)]).toEqual(expected)
        expect(countOf(free)).toBe(BigInt(expected.length))
        expect(utilisationOf(whole, taken)).toBe(Math.floor(((256 - expected.length) * 10_000) / 256) / 100)
      }),
    )
  })

  test('joined spans hold the same numbers, in order and apart', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const joined = joinSpans(spans)

        expect([...numbersIn(joined)].sort((a, b) => a - b)).toEqual(
          [...numbersIn(spans)].sort((a, b) => a - b),
        )
        for (const [index, { first }] of joined.entries()) {
          expect(index === 0 || first > (joined[index - 1]?.last ?? 0n) + 1n).toBe(true)
        }
      }),
    )
  })

  test('networks cover a span exactly, and no two of them make one', () => {
    fc.assert(
      fc.property(anySpan, (span) => {
        const networks = networksOf(4, span)
        const spans = networks.map(spanOf)

        expect(joinSpans(spans)).toEqual([span])
        expect(countOf(spans)).toBe(span.last - span.first + 1n)
        for (const [index, { value, length }] of networks.entries()) {
          const next = networks[index + 1]
          const isPair = next?.length === length && (value >> BigInt(32 - length)) % 2n === 0n
          expect(isPair && next.value === spanOf({ ...next, value, length }).last + 1n).toBe(false)
        }
      }),
    )
  })

  test('a network fits where all of it is free', () => {
    fc.assert(
      fc.property(anySpans, fc.integer({ min: 24, max: 32 }), (taken, length) => {
        const used = numbersIn(taken)
        const size = 2 ** (32 - length)
        const starts = Array.from({ length: 256 / size }, (_, index) => index * size)
        const expected = starts.filter((start) =>
          Array.from({ length: size }, (_, index) => start + index).every((number) => !used.has(number)),
        )
        const slots = slotsOf(4, freeSpans(whole, taken), length)

        const found = slots.flatMap(({ first, last }) =>
          Array.from(
            { length: Number(last - first + 1n) / size },
            (_, index) => Number(first) + index * size,
          ),
        )
        expect(found).toEqual(expected)
      }),
    )
  })

  test('all of IPv6 is one network, and all but its first address 128', () => {
    const all = { first: 0n, last: (1n << 128n) - 1n }

    const texts = networksOf(6, { ...all, first: 1n }).map(({ text }) => text)

    expect(networksOf(6, all).map(({ text }) => text)).toEqual(['::/0'])
    expect(texts).toHaveLength(128)
    expect(texts[0]).toBe('::1/128')
    expect(texts.at(-1)).toBe('8000::/1')
  })
})
