import type { Row } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { contains, sizeOf, sortKeyOf, spanOf, type Address, type Span } from './addresses.ts'
import { usableSpan } from './allocate-addresses.ts'
import { storedAddress } from './families.ts'
import { prefixSpace, networksInside } from './prefix-tree.ts'
import { countOf, freeSpans, joinSpans, networksOf, utilisationOf } from './spans.ts'

/** What is free of a prefix as the fewest networks, at most `limit` of them. Holds count as taken. */
export async function freePrefixesOf({ table, now }: Engine, prefix: Row, limit: number): Promise<string[]> {
  const block = storedAddress(prefix['prefix'])
  const space = prefixSpace(prefix['vrf'])
  const { taken } = await networksInside(table, space, { block, above: block.length, now: now() })
  const found: string[] = []
  for (const span of freeSpans(spanOf(block), taken)) {
    for (const { text } of networksOf(block.family, span)) {
      if (found.length >= limit) return found
      found.push(text)
    }
  }
  return found
}

/** The prefixes inside a prefix, in order. */
export async function childrenOf({ catalogs, registry }: Engine, prefix: Row): Promise<Row[]> {
  const parent = storedAddress(prefix['prefix'])
  const catalog = catalogs.of(registry.get('ipam.prefix'))
  await catalog.refresh()
  const found: { row: Row; key: string }[] = []
  for (const row of catalog.rows.values()) {
    if (row['vrf'] !== prefix['vrf'] || row.id === prefix.id) continue
    const network = storedAddress(row['prefix'])
    if (network.length > parent.length && contains(parent, network))
      found.push({ row, key: sortKeyOf(network) })
  }
  return found.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ row }) => row)
}

/**
 * How much of a prefix is taken, as NetBox counts: of a container by the prefixes in it, of any other by its addresses
 * and the ranges that count as full; `mark_utilized` is always 100.
 */
export async function utilizationOf(engine: Engine, prefix: Row) {
  const { catalogs, registry } = engine
  const network = storedAddress(prefix['prefix'])
  const children = await childrenOf(engine, prefix)
  const [addresses, ranges] = await Promise.all(
    ['ipam.ipaddress', 'ipam.iprange'].map(async (name) => {
      const catalog = catalogs.of(registry.get(name))
      await catalog.refresh()
      return [...catalog.rows.values()].filter((row) => row['vrf'] === prefix['vrf'])
    }),
  )
  const hosts = (addresses ?? [])
    .map((row) => storedAddress(row['address']))
    .filter((one) => isInside(network, one))
  const full = (ranges ?? [])
    .map(rangeSpan)
    .filter(({ family, span }) => family === network.family && reaches(network, span))
  const { first, last } = usableSpan(network, prefix['is_pool'] === true)
  const taken =
    prefix['status'] === 'container'
      ? children.map((row) => spanOf(storedAddress(row['prefix'])))
      : [
          ...hosts.map(({ value }) => ({ first: value, last: value })),
          ...full.filter(({ isFull }) => isFull).map(({ span }) => span),
        ]
  const whole = prefix['status'] === 'container' ? spanOf(network) : { first, last }
  const size = last - first + 1n
  return {
    prefix: network.text,
    utilization: prefix['mark_utilized'] === true ? 100 : utilisationOf(whole, taken),
    size: String(prefix['status'] === 'container' ? sizeOf(network.family, network.length) : size),
    taken: String(countOf(joinSpans(taken))),
    children: children.length,
    addresses: hosts.length,
    ranges: full.length,
  }
}

const isInside = (network: Address, { family, value }: Address): boolean => {
  const { first, last } = spanOf(network)
  return family === network.family && value >= first && value <= last
}

function rangeSpan(row: Row): { family: number; span: Span; isFull: boolean } {
  const start = storedAddress(row['start_address'])
  const span = { first: start.value, last: storedAddress(row['end_address']).value }
  return { family: start.family, span, isFull: row['mark_utilized'] === true }
}

function reaches(network: Address, span: Span): boolean {
  const { first, last } = spanOf(network)
  return span.first <= last && first <= span.last
}
