import type { Span } from './addresses.ts'
import {
  blockOf,
  blockSize,
  fullBlocksIn,
  noteFull,
  occupantsOf,
  readBlock,
  type SpaceTools,
} from './number-space.ts'
import { spacedPlaces } from './spaced.ts'
import { countOf } from './spans.ts'

/**
 * `first` and `last`: the ends of what is free; `random`: anywhere; `spaced`: as far from the others as powers of two
 * allow, so that what was given out can grow.
 */
export const strategies = ['first', 'last', 'random', 'spaced'] as const
export type Strategy = (typeof strategies)[number]

export type Wanted = {
  space: string
  /** What may be given out, in order and apart. */
  spans: readonly Span[]
  count: number
  strategy: Strategy
  /** Numbers that turned out to be taken by something the space does not know. */
  avoid: ReadonlySet<string>
  /** How much contention there is: 0 for the exact answer, more to spread over 4^level blocks. */
  level: number
}

/** Random places that are looked at before the search goes through all of them. */
const randomTriesMax = 8
const levelMax = 6

/** @returns as many free numbers as wanted, or all there are. Others may be faster: a guard decides. */
export async function chooseNumbers(tools: SpaceTools, wanted: Wanted): Promise<bigint[]> {
  const { strategy, count, level } = wanted
  if (countOf(wanted.spans) === 0n) return []
  const chosen = new Set<bigint>()
  if (strategy === 'random') await takeAnywhere(tools, wanted, chosen)
  if (strategy === 'spaced') await takeSpaced(tools, wanted, chosen)
  if (level > 0 && strategy !== 'random' && chosen.size < count) await takeSpread(tools, wanted, chosen)
  if (chosen.size < count) await takeInOrder(tools, wanted, chosen)
  return [...chosen]
}

/** A part of the wanted spans within one block. */
type Part = { block: bigint; first: bigint; last: bigint }

/** Blocks from one end to the other, those known to be full left out. */
async function* partsOf(tools: SpaceTools, { space, spans, strategy }: Wanted): AsyncGenerator<Part> {
  const isDown = strategy === 'last'
  for (const span of isDown ? spans.toReversed() : spans) {
    const full = await fullBlocksIn(tools, space, span)
    const [firstBlock, lastBlock] = [blockOf(span.first), blockOf(span.last)]
    for (let step = 0n; step <= lastBlock - firstBlock; step++) {
      const block = isDown ? lastBlock - step : firstBlock + step
      if (full.has(block)) continue
      const start = block * blockSize
      const end = start + blockSize - 1n
      yield {
        block,
        first: span.first > start ? span.first : start,
        last: span.last < end ? span.last : end,
      }
    }
  }
}

async function freeIn(
  tools: SpaceTools,
  wanted: Wanted,
  part: Part,
  chosen: ReadonlySet<bigint>,
): Promise<bigint[]> {
  const { taken, forGood } = await readBlock(tools, wanted.space, part.block)
  if (BigInt(forGood) === blockSize) await noteFull(tools, wanted.space, part.block)
  const free: bigint[] = []
  for (let number = part.first; number <= part.last; number++) {
    if (!taken.has(number) && !chosen.has(number) && !wanted.avoid.has(String(number))) free.push(number)
  }
  return wanted.strategy === 'last' ? free.reverse() : free
}

async function takeInOrder(tools: SpaceTools, wanted: Wanted, chosen: Set<bigint>): Promise<void> {
  for await (const part of partsOf(tools, wanted)) {
    for (const number of await freeIn(tools, wanted, part, chosen)) {
      chosen.add(number)
      if (chosen.size >= wanted.count) return
    }
  }
}

/**
 * Under contention all searches find the same first numbers. Each starts at a random place of the first blocks and
 * takes what follows there, so that few of them meet.
 */
async function takeSpread(tools: SpaceTools, wanted: Wanted, chosen: Set<bigint>): Promise<void> {
  const window: Part[] = []
  const blocks = 4 ** (Math.min(wanted.level, levelMax) - 1)
  for await (const part of partsOf(tools, wanted)) {
    window.push(part)
    if (window.length >= blocks) break
  }
  const start = Math.floor(tools.random() * window.length)
  const turned = [...window.slice(start), ...window.slice(0, start)]
  for (const part of turned.slice(0, 2)) {
    const free = await freeIn(tools, wanted, part, chosen)
    const from = Math.floor(tools.random() * free.length)
    for (const number of [...free.slice(from), ...free.slice(0, from)]) {
      chosen.add(number)
      if (chosen.size >= wanted.count) return
    }
  }
}

async function takeAnywhere(tools: SpaceTools, wanted: Wanted, chosen: Set<bigint>): Promise<void> {
  const total = countOf(wanted.spans)
  for (let tries = 0; tries < randomTriesMax && chosen.size < wanted.count; tries++) {
    for (let missing = wanted.count - chosen.size; missing > 0; missing--) {
      const number = numberAt(wanted.spans, randomBelow(total, tools.random))
      const isFree = !chosen.has(number) && !wanted.avoid.has(String(number))
      if (isFree && (await occupantsOf(tools, wanted.space, number)).length === 0) chosen.add(number)
    }
  }
}

/** @see spacedPlaces */
async function takeSpaced(tools: SpaceTools, wanted: Wanted, chosen: Set<bigint>): Promise<void> {
  const total = countOf(wanted.spans)
  const isTaken = async (place: bigint): Promise<boolean> => {
    const number = numberAt(wanted.spans, place)
    if (wanted.avoid.has(String(number))) return true
    return (await occupantsOf(tools, wanted.space, number)).length > 0
  }
  const skip = wanted.level === 0 ? 0 : Math.floor(tools.random() * wanted.count * 4 ** wanted.level)
  const places = await spacedPlaces({ total, count: wanted.count, skip, isTaken })
  for (const place of places) chosen.add(numberAt(wanted.spans, place))
}

/** The number at a place, counted through all spans. */
function numberAt(spans: readonly Span[], place: bigint): bigint {
  let left = place
  for (const { first, last } of spans) {
    if (left <= last - first) return first + left
    left -= last - first + 1n
  }
  throw new Error('a place beyond the spans')
}

/** @param random a number from 0 to below 1. */
export function randomBelow(limit: bigint, random: () => number): bigint {
  let number = 0n
  for (let bits = 0; bits < limit.toString(2).length + 16; bits += 32) {
    number = (number << 32n) | BigInt(Math.floor(random() * 2 ** 32))
  }
  return number % limit
}
