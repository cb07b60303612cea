import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addressOf, parentOf, spanOf, type Network, type Span } from '../../../shared/ipam/addresses.ts'
import { chooseNetworks, overlapsOf } from '../../../shared/ipam/free-networks.ts'
import { noClaims } from '../../../shared/ipam/in-flight.ts'
import { networkItem, networksAround } from '../../../shared/ipam/prefix-tree.ts'
import { parentFor, raceFor } from '../../support/allocations.ts'
import { startEngine, type TestEngine } from '../../support/engine.ts'

let queries = 0
let started: TestEngine
beforeAll(async () => {
  started = await startEngine({
    onConsumed: ({ operation }) => {
      queries += operation === 'query' ? 1 : 0
    },
  })
})
afterAll(() => started.stop())

const parent = addressOf(4, 10n << 24n, 8)
/** Few bits, so that networks lie in each other and next to each other. */
const network = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 6, max: 24 }))
  .map(([place, length]) => parentOf(4, parent.value + BigInt(place) * 256n, length))
const networks = fc.array(network, { minLength: 1, maxLength: 120 })

let spaces = 0
async function spaceWith(held: readonly Network[]): Promise<string> {
  const space = `prefix#search-${(spaces += 1)}`
  const puts = held.map((one, index) => ({
    put: networkItem(space, one, index),
    unconditionally: true as const,
  }))
  for (let at = 0; at < puts.length; at += 100) await started.engine.table.write(puts.slice(at, at + 100))
  return space
}

const holds = (outer: Span, inner: Span): boolean => outer.first <= inner.first && inner.last <= outer.last
const texts = (found: readonly Network[]): string[] => found.map(({ text }) => text).sort()

describe('a search in the tree of prefixes', () => {
  test('finds all that holds a network, as a look at each of them does', async () => {
    await fc.assert(
      fc.asyncProperty(networks, network, async (held, wanted) => {
        const space = await spaceWith(held)

        const found = await networksAround(started.engine.table, space, {
          network: wanted,
          above: parent.length,
        })

        const around = held.filter(
          (one) =>
            one.length > parent.length && one.length < wanted.length && holds(spanOf(one), spanOf(wanted)),
        )
        expect(texts(found.map((one) => one.network))).toEqual(texts(around))
      }),
      { numRuns: 100 },
    )
  })

  test('finds whether anything overlaps a span of several networks', async () => {
    const span = fc
      .tuple(fc.integer({ min: 0, max: 250 }), fc.integer({ min: 1, max: 12 }))
      .map(([from, count]) => {
        const first = parent.value + BigInt(from) * 256n
        return { first, last: first + BigInt(count) * 256n - 1n }
      })
    const few = fc.array(network, { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(few, span, async (held, wanted) => {
        const space = await spaceWith(held)

        const { isTaken } = await overlapsOf(started.engine, { space, parent }, wanted)

        const overlapping = held.filter((one) => {
          const { first, last } = spanOf(one)
          return one.length > parent.length && first <= wanted.last && wanted.first <= last
        })
        expect(isTaken).toBe(overlapping.length > 0)
      }),
      { numRuns: 100 },
    )
  })

  test('spreads over all blocks of a parent under contention, however many more it could have', async () => {
    const space = await spaceWith([])
    const { table, now } = started.engine
    const places = { space, parent: addressOf(4, parent.value, 12), length: 24, count: 1, chosen: [] }
    const search = { level: 6, claim: noClaims, isCrowded: () => false }

    for (const strategy of ['first', 'last'] as const) {
      const blocks = new Set<bigint>()
      for (let draw = 0; draw < 32; draw++) {
        const tools = { table, now, random: () => draw / 32 }
        const [chosen] = await chooseNetworks(tools, { ...places, ...search, strategy })
        if (chosen !== undefined) blocks.add(chosen.value >> 16n)
      }
      expect(blocks.size).toBe(16)
    }
  })

  test('reads no more for one of many callers than for one alone', async () => {
    const race = { kind: 'prefixes', each: 10, copies: 1 } as const
    const id = await parentFor(started.engine, race.kind)

    const asked = async (callers: number): Promise<number> => {
      queries = 0
      const outcome = await raceFor([started.engine], { ...race, callers, parent: id })
      expect(new Set(outcome.given).size).toBe(callers * race.each)
      return queries / callers
    }

    // The 80 take four blocks of 256: none of them reads the blocks that others have chosen before it.
    expect([(await asked(1)) <= 16, (await asked(80)) <= 16]).toEqual([true, true])
  })
})
