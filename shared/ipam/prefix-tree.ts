import * as z from 'zod'
import { keys } from '../table/keys.ts'
import type { Item, Table } from '../table/table.ts'
import {
  addressOf,
  bitsOf,
  contains,
  parentOf,
  sortKeyOf,
  spanOf,
  valueKeyOf,
  type Family,
  type Span,
  type Network,
} from './addresses.ts'
import { vrfName } from './families.ts'

/**
 * The prefixes of a VRF in the order of their networks, read with strong consistency: what lies in a network follows
 * it without a gap. Tentative items of allocations and holds lie among them, with `until`.
 */
export const prefixSpace = (vrf: unknown): string => `prefix#${vrfName(vrf)}`

const Placed = z.object({
  sk: z.string(),
  id: z.number(),
  until: z.number().optional(),
  version: z.number().optional(),
})

/** A prefix of the tree; `until` (milliseconds) where it is only asked for or held. */
export type PlacedNetwork = { network: Network; id: number; sk: string; until?: number; version?: number }

/** The item that stands for a prefix. */
export const networkItem = (space: string, network: Network, id: number): Item => ({
  ...keys.network(space, sortKeyOf(network), id),
  id,
})

function readPlaced({ sk, id, until, version }: z.infer<typeof Placed>): PlacedNetwork {
  const family = sk.startsWith('4') ? 4 : 6
  const network = addressOf(family, BigInt(`0x${sk.slice(1, 33)}`), Number(sk.slice(33, 36)))
  return {
    network,
    id,
    sk,
    ...(until === undefined ? {} : { until }),
    ...(version === undefined ? {} : { version }),
  }
}

/** What begins in a span of addresses, in order; page by page, so that a reader may stop. */
export async function* networksFrom(
  table: Table,
  space: string,
  { family, span, limit }: { family: Family; span: Span; limit?: number },
): AsyncGenerator<PlacedNetwork> {
  const range = {
    partition: keys.networks(space),
    from: valueKeyOf(family, span.first),
    to: `${valueKeyOf(family, span.last)}~`,
    ...(limit === undefined ? {} : { limit }),
  }
  for await (const item of table.query(Placed, range)) yield readPlaced(item)
}

/** The prefixes at exactly this network. */
async function networksAt(table: Table, space: string, network: Network): Promise<PlacedNetwork[]> {
  const found: PlacedNetwork[] = []
  const range = { partition: keys.networks(space), prefix: `${sortKeyOf(network)}#` }
  for await (const item of table.query(Placed, range)) found.push(readPlaced(item))
  return found
}

/** More items than this between several networks are not read to find those at them. */
const betweenMax = 500

/** The prefixes at each of several networks, by their text; those that lie close are read at once. */
export async function networksAtAll(
  table: Table,
  space: string,
  networks: readonly Network[],
): Promise<Map<string, PlacedNetwork[]>> {
  const sorted = networks.map(sortKeyOf).sort()
  const found: PlacedNetwork[] = []
  const range = {
    partition: keys.networks(space),
    from: `${sorted[0]}#`,
    to: `${sorted.at(-1)}#~`,
    limit: betweenMax,
  }
  if (networks.length > 1) {
    for await (const item of table.query(Placed, range)) found.push(readPlaced(item))
    if (found.length < betweenMax) return Map.groupBy(found, ({ network }) => network.text)
  }
  const each = await Promise.all(networks.map((network) => networksAt(table, space, network)))
  return new Map(networks.map(({ text }, index) => [text, each[index] ?? []]))
}

/** So many items fit the 4 KB that a read costs at least. */
const nearestItems = 24

/**
 * What holds the network, and is longer than `above` and shorter than itself. Each step looks at the nearest item
 * before the place: what holds both the place and that item is no longer than what they have in common. Most steps are
 * short: a read brings some items before the nearest one too.
 */
export async function networksAround(
  table: Table,
  space: string,
  { network, above }: { network: Network; above: number },
): Promise<PlacedNetwork[]> {
  const found: PlacedNetwork[] = []
  const partition = keys.networks(space)
  // Before every item of the network itself.
  let to = sortKeyOf(network)
  let read: PlacedNetwork[] = []
  for (;;) {
    let item = read.find(({ sk }) => sk <= to)
    if (item === undefined) {
      read = await nearestBefore(table, { partition, from: String(network.family), to })
      item = read[0]
    }
    if (item === undefined) return found
    const common = commonLength(item.network, network)
    if (common <= above) return found
    if (contains(item.network, network)) {
      if (item.network.length <= above) return found
      found.push(item)
    }
    const parent = parentOf(network.family, network.value, Math.min(common, item.network.length))
    // At the parent itself there may be more than one item; before it, nothing shorter is passed by.
    const next = `${sortKeyOf(parent)}~`
    to = next < item.sk ? next : justBefore(item.sk)
  }
}

async function nearestBefore(
  table: Table,
  range: { partition: string; from: string; to: string },
): Promise<PlacedNetwork[]> {
  const found: PlacedNetwork[] = []
  for await (const one of table.query(Placed, { ...range, newestFirst: true, limit: nearestItems }))
    found.push(readPlaced(one))
  return found
}

/** The longest prefix that two networks have in common. */
function commonLength(a: Network, b: Network): number {
  const difference = a.value ^ b.value
  const bits = bitsOf(a.family)
  const equal = difference === 0n ? bits : bits - difference.toString(2).length
  return Math.min(equal, b.length)
}

/** A key just before one that ends with an id: every item before the one is still found. */
const justBefore = (sk: string): string =>
  `${sk.slice(0, -1)}${String.fromCharCode(sk.charCodeAt(sk.length - 1) - 1)}~`

/** Items that are read at once. */
const pageItems = 300

/**
 * What prefixes longer than `above` take of a block, in order, those inside others passed by; `forGood` leaves out what
 * is only asked for or held.
 */
export async function networksInside(
  table: Table,
  space: string,
  { block, above, now }: { block: Network; above: number; now: Date },
): Promise<{ taken: Span[]; forGood: Span[] }> {
  const [taken, forGood]: [Span[], Span[]] = [[], []]
  const { first, last } = spanOf(block)
  let from = first
  let isWhole = false
  while (!isWhole) {
    let read = 0
    let covered = from - 1n
    let lastValue = from
    const page = networksFrom(table, space, {
      family: block.family,
      span: { first: from, last },
      limit: pageItems,
    })
    for await (const { network, until } of page) {
      read += 1
      lastValue = network.value
      const isPassed = until !== undefined && until <= now.getTime()
      if (network.length <= above || isPassed) continue
      const span = spanOf(network)
      if (until === undefined) forGood.push(span)
      if (span.last <= covered) continue
      taken.push(span)
      covered = span.last
    }
    // What lies inside a prefix says nothing more: the next page begins after it.
    const next = covered >= lastValue ? covered + 1n : lastValue
    from = next > from ? next : from + 1n
    isWhole = read < pageItems || from > last
  }
  return { taken, forGood }
}
