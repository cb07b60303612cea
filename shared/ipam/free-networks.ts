import type { Table } from '../table/table.ts'
import { addressOf, parentOf, sizeOf, spanOf, type Network, type Span } from './addresses.ts'
import { randomBelow, type Strategy } from './choose-numbers.ts'
import { blockLength, coveredIn, noteCovered } from './covered.ts'
import { networksAround, networksFrom, networksInside, type PlacedNetwork } from './prefix-tree.ts'
import type { Claim, IsCrowded } from './in-flight.ts'
import { spacedPlaces } from './spaced.ts'
import { freeSpans, networksOf, slotsOf } from './spans.ts'

/** Free places for networks of one length inside a parent. */
export type Places = {
  space: string
  parent: Network
  length: number
  count: number
  strategy: Strategy
  /** As for numbers (`choose-numbers.ts`): 0 for the exact answer, more to spread over 4^level blocks. */
  level: number
  /** Whether a network that is free may be taken. */
  claim: Claim
  /** Whether all networks of this length in a block (`groupOfNetwork`) are chosen by this process already. */
  isCrowded: IsCrowded
  /** Spans that this request has chosen already. */
  chosen: readonly Span[]
}
export type PlaceTools = { table: Table; now: () => Date; random: () => number }

const randomTriesMax = 8
const levelMax = 6

type Found = Map<string, Network>
type Free = { networks: readonly Network[]; readAtMs: number }

/** @returns as many free networks as wanted, or all there are. Others may be faster: `reserve` decides. */
export async function chooseNetworks(tools: PlaceTools, places: Places): Promise<Network[]> {
  const { strategy, count, level } = places
  const found: Found = new Map()
  if (strategy === 'random') await takeAnywhere(tools, places, found)
  if (strategy === 'spaced') await takeSpaced(tools, places, found)
  if (level > 0 && strategy !== 'random' && found.size < count)
    claimAll(places, await spread(tools, places), found)
  if (found.size < count) {
    for await (const block of blocksOf(tools, places))
      if (claimAll(places, await freeIn(tools, places, block), found)) break
  }
  return [...found.values()]
}

/** Networks of one length in one block: what a search looks at together. */
export const groupOfNetwork = (parent: Network, { family, value, length }: Network): string =>
  `${parentOf(family, value, blockLength(parent, length)).text} ${length}`

/** Claims networks one by one until there are enough. @returns whether there are. */
function claimAll({ claim, count }: Places, { networks, readAtMs }: Free, found: Found): boolean {
  for (const network of networks) {
    if (found.size >= count) break
    if (!found.has(network.text) && claim(network.text, readAtMs)) found.set(network.text, network)
  }
  return found.size >= count
}

/**
 * Parts of the parent from one end to the other, or from a place on; what is known to be covered left out.
 * @param start first address of the part to begin with.
 */
async function* blocksOf(tools: PlaceTools, places: Places, start?: bigint): AsyncGenerator<Network> {
  const { table, now } = tools
  const { space, parent, length, chosen } = places
  const isDown = places.strategy === 'last'
  const size = blockLength(parent, length)
  const step = sizeOf(parent.family, size)
  const each = sizeOf(parent.family, length)
  const covered = await coveredIn(table, space, { parent, length: size, now: now() })
  const { first, last } = spanOf(parent)
  let next = start ?? (isDown ? last - step + 1n : first)
  while (next >= first && next <= last) {
    const block = addressOf(parent.family, next, size)
    const own = spanOf(block)
    const isCrowded = places.isCrowded(groupOfNetwork(parent, { ...block, length }), Number(step / each))
    const isPassed = isCrowded || covered.has(next)
    // What takes the whole block most likely takes its neighbours too.
    const around = isPassed
      ? undefined
      : (chosen.find((span) => span.first <= own.first && own.last <= span.last) ??
        (await outermost(tools, places, block)))
    if (!isPassed && around === undefined) yield block
    const passed = around ?? own
    next = isDown ? passed.first - step : passed.last + 1n
  }
}

/** The largest prefix around a block, within the parent. */
async function outermost(
  { table, now }: PlaceTools,
  { space, parent }: Places,
  network: Network,
): Promise<Span | undefined> {
  if (network.length <= parent.length + 1) return undefined
  const around = await networksAround(table, space, { network, above: parent.length })
  const at = now().getTime()
  const live = around.filter(({ until }) => until === undefined || until > at)
  const [largest] = live.toSorted((a, b) => a.network.length - b.network.length)
  return largest === undefined ? undefined : spanOf(largest.network)
}

/** Free places of a block in the order of the strategy. */
async function freeIn(tools: PlaceTools, places: Places, block: Network): Promise<Free> {
  const { table, now } = tools
  const { space, parent, length, chosen } = places
  const readAtMs = performance.now()
  const look = () => networksInside(table, space, { block, above: parent.length, now: now() })
  const { taken, forGood } = await look()
  const whole = spanOf(block)
  if (freeSpans(whole, forGood).length === 0) {
    const isStillCovered = async () => freeSpans(whole, (await look()).forGood).length === 0
    await noteCovered(table, space, { block, now: now(), isStillCovered })
  }
  const free = slotsOf(parent.family, freeSpans(whole, [...taken, ...chosen]), length)
  const size = sizeOf(parent.family, length)
  const networks = free.flatMap(({ first, last }) =>
    Array.from({ length: Number((last - first + 1n) / size) }, (_, index) =>
      addressOf(parent.family, first + BigInt(index) * size, length),
    ),
  )
  return { networks: places.strategy === 'last' ? networks.reverse() : networks, readAtMs }
}

/** From a block at random, of the first ones that are not covered. @see takeSpread in `choose-numbers.ts` */
async function spread(tools: PlaceTools, places: Places): Promise<Free> {
  const firstBlock = await firstOf(blocksOf(tools, places))
  if (firstBlock === undefined) return { networks: [], readAtMs: 0 }
  const { parent, strategy } = places
  const step = sizeOf(parent.family, firstBlock.length)
  const { first, last } = spanOf(parent)
  const ahead = strategy === 'last' ? firstBlock.value - first : last - firstBlock.value
  // Beyond the end there is nothing: who looked there would come back to the first block, where all others are.
  const blocks = Math.min(4 ** (Math.min(places.level, levelMax) - 1), Number(ahead / step) + 1)
  const steps = BigInt(Math.floor(tools.random() * blocks)) * step
  const start = strategy === 'last' ? firstBlock.value - steps : firstBlock.value + steps
  const block = (await firstOf(blocksOf(tools, places, start))) ?? firstBlock
  const { networks, readAtMs } = await freeIn(tools, places, block)
  const from = Math.floor(tools.random() * networks.length)
  return { networks: [...networks.slice(from), ...networks.slice(0, from)], readAtMs }
}

async function firstOf(blocks: AsyncGenerator<Network>): Promise<Network | undefined> {
  for await (const block of blocks) return block
  return undefined
}

async function takeAnywhere(tools: PlaceTools, places: Places, found: Found): Promise<void> {
  const { parent, length, count } = places
  const total = sizeOf(parent.family, parent.length) / sizeOf(parent.family, length)
  for (let tries = 0; tries < randomTriesMax && found.size < count; tries++) {
    for (let missing = count - found.size; missing > 0; missing--) {
      const readAtMs = performance.now()
      const value = parent.value + randomBelow(total, tools.random) * sizeOf(parent.family, length)
      const network = addressOf(parent.family, value, length)
      if (await isFree(tools, places, network)) claimAll(places, { networks: [network], readAtMs }, found)
    }
  }
}

async function takeSpaced(tools: PlaceTools, places: Places, found: Found): Promise<void> {
  const { parent, length, count, level } = places
  const { family } = parent
  const readAtMs = performance.now()
  const networkAt = (place: bigint): Network =>
    addressOf(family, parent.value + place * sizeOf(family, length), length)
  await spacedPlaces({
    total: sizeOf(family, parent.length) / sizeOf(family, length),
    skip: level === 0 ? 0 : Math.floor(tools.random() * count * 4 ** level),
    isTaken: async (place) => !(await isFree(tools, places, networkAt(place))),
    take: (place) => claimAll(places, { networks: [networkAt(place)], readAtMs }, found),
  })
}

/** Whether no prefix of the parent overlaps the network. */
async function isFree(
  tools: PlaceTools,
  places: Pick<Places, 'space' | 'parent' | 'chosen'>,
  network: Network,
): Promise<boolean> {
  const own = spanOf(network)
  if (places.chosen.some((span) => span.first <= own.last && own.first <= span.last)) return false
  const { isTaken } = await overlapsOf(tools, places, own)
  return !isTaken
}

/** What overlaps a span: whether something does, and what was left behind there by those who are gone. */
export async function overlapsOf(
  { table, now }: PlaceTools,
  { space, parent }: Pick<Places, 'space' | 'parent'>,
  span: Span,
  ownIds: ReadonlySet<number> = new Set(),
): Promise<{ isTaken: boolean; stale: PlacedNetwork[] }> {
  const { family } = parent
  const at = now().getTime()
  const stale: PlacedNetwork[] = []
  const isOther = (one: PlacedNetwork): boolean => {
    if (one.network.length <= parent.length || ownIds.has(one.id)) return false
    const isStale = one.until !== undefined && one.until <= at
    if (isStale) stale.push(one)
    return !isStale
  }
  const isTakenInside = async (): Promise<boolean> => {
    for await (const one of networksFrom(table, space, { family, span })) if (isOther(one)) return true
    return false
  }
  // What begins before the span and reaches into it holds the first network in it.
  const isTakenAround = async (): Promise<boolean> => {
    const [network] = networksOf(family, span)
    if (network === undefined) return false
    const around = await networksAround(table, space, { network, above: parent.length })
    return around.filter(isOther).length > 0
  }
  const taken = await Promise.all([isTakenInside(), isTakenAround()])
  return { isTaken: taken.includes(true), stale }
}
