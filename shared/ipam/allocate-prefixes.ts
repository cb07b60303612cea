import { randomInt } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { Row } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { keys, type Key } from '../table/keys.ts'
import type { Write } from '../table/table.ts'
import { bitsOf, sortKeyOf, spanOf, type Network, type Span } from './addresses.ts'
import type { Allocation, Search } from './allocate.ts'
import type { Strategy } from './choose-numbers.ts'
import { storedAddress } from './families.ts'
import { chooseNetworks, groupOfNetwork, overlapsOf } from './free-networks.ts'
import { prefixSpace, type PlacedNetwork } from './prefix-tree.ts'
import { joinSpans } from './spans.ts'

/** What an allocation asks for counts no longer than this: longer than a request may take. */
const tentativeMs = 40_000

type PrefixAsk = {
  bodies: readonly Record<string, unknown>[]
  /** Of each body, in their order. */
  lengths: readonly number[]
  strategy: Strategy
}

/** Gives prefixes out inside a parent: each body is one that is wanted. */
export function prefixAllocation(
  engine: Engine,
  parent: Row,
  { bodies, lengths, strategy }: PrefixAsk,
): Allocation<Network> {
  const network = storedAddress(parent['prefix'])
  const space = prefixSpace(parent['vrf'])
  return {
    model: engine.registry.get('ipam.prefix'),
    bodies,
    field: 'prefix',
    space,
    what: `Not enough prefixes of the length are available within ${network.text}`,
    choose: (search) => choose(engine, { space, parent: network, lengths, strategy }, search),
    textOf: ({ text }) => text,
    groupOf: (text) => groupOfNetwork(network, storedAddress(text)),
    valuesOf: ({ text }) => ({ prefix: text, vrf: parent['vrf'] ?? null }),
    reserve: (chosen) => reserve(engine, { space, parent: network, chosen }),
    holdItem: (chosen, { id, until, version }) => ({
      ...tentativeKey(space, chosen, id),
      id,
      version,
      until,
      expiresAt: Math.ceil(until / 1000),
    }),
  }
}

type Wanted = { space: string; parent: Network; lengths: readonly number[]; strategy: Strategy }

/** The largest first, as they are hardest to place; the answer is in the order of the bodies. */
async function choose(
  engine: Engine,
  { space, parent, lengths, strategy }: Wanted,
  { level, claim, isCrowded }: Search,
): Promise<Network[]> {
  const chosen: Span[] = []
  const byIndex = new Map<number, Network>()
  for (const length of [...new Set(lengths)].sort((a, b) => a - b)) {
    const places = lengths.flatMap((one, index) => (one === length ? [index] : []))
    const wanted = { space, parent, length, count: places.length, strategy, level, claim, isCrowded, chosen }
    const found = await chooseNetworks(engine, wanted)
    for (const [at, network] of found.entries()) {
      byIndex.set(places[at] ?? -1, network)
      chosen.push(spanOf(network))
    }
  }
  return lengths.flatMap((_, index) => byIndex.get(index) ?? [])
}

/**
 * Puts tentative items where the prefixes shall be, then looks around. Of two that overlap, whatever their lengths, the
 * later to look sees the other and gives way; what a plain creation wrote is seen too. No item is shared by the
 * writers, so none waits for another.
 * @throws AppError `number_taken`.
 */
async function reserve(
  engine: Engine,
  { space, parent, chosen }: { space: string; parent: Network; chosen: readonly Network[] },
): Promise<{ writes: Write[]; release: () => Promise<void> }> {
  const { table, now } = engine
  const until = now().getTime() + tentativeMs
  const asked = chosen.map((network) => {
    const id = engine.ids.next()
    return { network, id, key: tentativeKey(space, network, id), version: randomInt(2 ** 40) }
  })
  const items = asked.map(({ key, id, version }) => ({
    ...key,
    id,
    version,
    until,
    expiresAt: Math.ceil(until / 1000),
  }))
  await table.write(items.map((put) => ({ put, unconditionally: true })))
  const release = (): Promise<void> =>
    table.write(asked.map(({ key }) => ({ remove: key, unconditionally: true })))
  try {
    const ownIds = new Set(asked.map(({ id }) => id))
    const spans = joinSpans(chosen.map(spanOf))
    const overlaps = await Promise.all(
      spans.map((span) => overlapsOf(engine, { space, parent }, span, ownIds)),
    )
    if (overlaps.some(({ isTaken }) => isTaken)) throw new AppError('number_taken')
    await dropStale(
      engine,
      space,
      overlaps.flatMap(({ stale }) => stale),
    )
  } catch (cause) {
    await release()
    throw cause
  }
  // Whoever takes an item for left behind removes it first: then this transaction fails.
  const writes = asked.map(({ key, version }): Write => ({
    remove: key,
    ifVersion: version,
    otherwise: 'number_taken',
  }))
  return { writes, release }
}

/** Should its writer still live, or its hold be confirmed this moment, that transaction or this one fails. */
async function dropStale({ table }: Engine, space: string, stale: readonly PlacedNetwork[]): Promise<void> {
  for (const { sk, version = 0 } of stale) {
    const key = { pk: keys.networks(space), sk }
    await table.write([{ remove: key, ifVersion: version, otherwise: 'number_taken' }])
  }
}

const tentativeKey = (space: string, network: Network, id: number): Key => {
  const { pk, sk } = keys.network(space, sortKeyOf(network), id)
  return { pk, sk: `${sk}~` }
}

/** Why networks of this length cannot be given out in a parent, or undefined. */
export function lengthProblem(parent: Network, length: number): string | undefined {
  const most = bitsOf(parent.family)
  if (length > most) return `IPv${parent.family} prefixes have a length of at most ${most}.`
  if (length <= parent.length) return `It must be longer than the prefix ${parent.text} itself.`
  return undefined
}
