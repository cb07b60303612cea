import type { Span } from './addresses.ts'
import type { Claim, IsCrowded } from './in-flight.ts'
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
  /** Whether a number that is free may be taken; it is kept for this request from then on. */
  claim: Claim
  /** Whether all numbers of a block are chosen by this process already. */
  isCrowded?: IsCrowded
  /** How much contention there is: 0 for the exact answer, more to spread over 4^level blocks. */
  level: number
}

/** The block of a number that is written as text. */
export const blockOfText = (text: string): string => String(blockOf(BigInt(text)))

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

/** Free numbers of a part in the order of the strategy, as of `readAtMs`. */
async function freeIn(
  tools: SpaceTools,
  { space, strategy }: Wanted,
  part: Part,
): Promise<{ free: bigint[]; readAtMs: number }> {
  const readAtMs = performance.now()
  const { taken, forGood } = await readBlock(tools, space, part.block)
  if (BigInt(forGood) === blockSize) await noteFull(tools, space, part.block)
  const free: bigint[] = []
  for (let number = part.first; number <= part.last; number++) if (!taken.has(number)) free.push(number)
  return { free: strategy === 'last' ? free.reverse() : free, readAtMs }
}

/** Claims numbers one by one until there are enough. @returns whether there are. */
function claimAll(
  { claim, count }: Wanted,
  { free, readAtMs }: { free: readonly bigint[]; readAtMs: number },
  chosen: Set<bigint>,
): boolean {
  for (const number of free) {
    if (chosen.size >= count) break
    if (!chosen.has(number) && claim(String(number), readAtMs)) chosen.add(number)
  }
  return chosen.size >= count
}

async function takeInOrder(tools: SpaceTools, wanted: Wanted, chosen: Set<bigint>): Promise<void> {
  for await (const part of partsOf(tools, wanted)) {
    const size = Number(part.last - part.first) + 1
    if (wanted.isCrowded?.(String(part.block), size) === true) continue
    if (claimAll(wanted, await freeIn(tools, wanted, part), chosen)) return
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
    const { free, readAtMs } = await freeIn(tools, wanted, part)
    const from = Math.floor(tools.random() * free.length)
    const turnedFree = [...free.slice(from), ...free.slice(0, from)]
    if (claimAll(wanted, { free: turnedFree, readAtMs }, chosen)) return
  }
}

async function takeAnywhere(tools: SpaceTools, wanted: Wanted, chosen: Set<bigint>): Promise<void> {
  const total = countOf(wanted.spans)
  for (let tries = 0; tries < randomTriesMax && chosen.size < wanted.count; tries++) {
    for (let missing = wanted.count - chosen.size; missing > 0; missing--) {
      const number = numberAt(wanted.spans, randomBelow(total, tools.random))
      if (chosen.has(number)) continue
      const readAtMs = performance.now()
      const isFree = (await occupantsOf(tools, wanted.space, number)).length === 0
      if (isFree) claimAll(wanted, { free: [number], readAtMs }, chosen)
    }
  }
}

/** @see spacedPlaces */
async function takeSpaced(tools: SpaceTools, wanted: Wanted, chosen: Set<bigint>): Promise<void> {
  const total = countOf(wanted.spans)
  const readAtMs = performance.now()
  const isTaken = async (place: bigint): Promise<boolean> =>
    (await occupantsOf(tools, wanted.space, numberAt(wanted.spans, place))).length > 0
  const skip = wanted.level === 0 ? 0 : Math.floor(tools.random() * wanted.count * 4 ** wanted.level)
  await spacedPlaces({
    total,
    skip,
    isTaken,
    take: (place) => claimAll(wanted, { free: [numberAt(wanted.spans, place)], readAtMs }, chosen),
  })
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
