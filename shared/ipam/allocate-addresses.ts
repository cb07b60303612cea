import * as z from 'zod'
import type { Row } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { storedSchema } from '../model/rows.ts'
import { keys } from '../table/keys.ts'
import type { Write } from '../table/table.ts'
import { addressOf, bitsOf, spanOf, valueKeyOf, type Address, type Span } from './addresses.ts'
import { addressSpace } from './address-rules.ts'
import type { Allocation } from './allocate.ts'
import { blockOfText, chooseNumbers, type Strategy } from './choose-numbers.ts'
import { storedAddress, vrfName } from './families.ts'
import { numberKey, occupantItem } from './number-space.ts'
import { freeSpans } from './spans.ts'

/** Where addresses are given out: a prefix or a range, less what may not be. */
export type AddressSource = {
  vrf: number | null
  family: Address['family']
  /** Mask of the addresses. */
  length: number
  spans: readonly Span[]
  name: string
}

/** The addresses of a prefix that an interface may have, less those of ranges that count as populated. */
export async function sourceOfPrefix(engine: Engine, prefix: Row): Promise<AddressSource> {
  const network = storedAddress(prefix['prefix'])
  const vrf = typeof prefix['vrf'] === 'number' ? prefix['vrf'] : null
  const usable = usableSpan(network, prefix['is_pool'] === true)
  const populated = await populatedSpans(engine, { vrf, family: network.family, span: usable })
  const { family } = network
  // No address has the mask of the whole family: it stands alone then.
  const length = network.length === 0 ? bitsOf(family) : network.length
  return { vrf, family, length, spans: freeSpans(usable, populated), name: network.text }
}

export function sourceOfRange(range: Row): AddressSource {
  const first = storedAddress(range['start_address'])
  const last = storedAddress(range['end_address'])
  return {
    vrf: typeof range['vrf'] === 'number' ? range['vrf'] : null,
    family: first.family,
    length: first.length,
    spans: [{ first: first.value, last: last.value }],
    name: `${String(range['start_address'])}-${String(range['end_address'])}`,
  }
}

/**
 * As in NetBox: neither the network nor the broadcast address of IPv4, nor the subnet-router anycast address of IPv6
 * (RFC 4291 §2.6.1), unless the prefix is a pool or too small to have them.
 */
export function usableSpan(network: Address, isPool: boolean): Span {
  const { first, last } = spanOf(network)
  if (isPool || network.length >= bitsOf(network.family) - 1) return { first, last }
  return { first: first + 1n, last: network.family === 4 ? last - 1n : last }
}

const Placed = z.object({ sk: z.string(), id: z.number(), until: z.number().optional() })

async function populatedSpans(
  { table, registry }: Engine,
  { vrf, family, span }: { vrf: number | null; family: Address['family']; span: Span },
): Promise<Span[]> {
  const partition = keys.networks(`range#${vrfName(vrf)}`)
  const ids: number[] = []
  const inside = { partition, from: valueKeyOf(family, span.first), to: `${valueKeyOf(family, span.last)}~` }
  for await (const { id, until } of table.query(Placed, inside)) if (until === undefined) ids.push(id)
  // The nearest range before it may reach into it.
  const before = { partition, from: String(family), to: inside.from, newestFirst: true }
  for await (const { id, until } of table.query(Placed, before)) {
    if (until !== undefined) continue
    ids.push(id)
    break
  }
  const rows = await table.getMany(
    storedSchema(registry.get('ipam.iprange')),
    ids.map((id) => keys.entity('ipam.iprange', id)),
  )
  return rows.flatMap((row) =>
    row?.['mark_populated'] === true
      ? [{ first: storedAddress(row['start_address']).value, last: storedAddress(row['end_address']).value }]
      : [],
  )
}

export type AddressBody = Record<string, unknown>

/** Gives addresses out: each body is one that is wanted. */
export function addressAllocation(
  engine: Engine,
  source: AddressSource,
  { bodies, strategy }: { bodies: readonly AddressBody[]; strategy: Strategy },
): Allocation<bigint> {
  const space = addressSpace(source.vrf, source.family)
  return {
    model: engine.registry.get('ipam.ipaddress'),
    bodies,
    field: 'address',
    space,
    what: `Not enough addresses are available within ${source.name}`,
    choose: ({ count, level, claim, isCrowded }) =>
      chooseNumbers(engine, { space, spans: source.spans, count, strategy, level, claim, isCrowded }),
    textOf: String,
    groupOf: blockOfText,
    holdItem: (number, { id, until, version }) => ({ ...occupantItem(space, number, id, until), version }),
    valuesOf: (number) => ({
      address: addressOf(source.family, number, source.length).text,
      vrf: source.vrf,
    }),
    guard: (rows) => rows.flatMap((row) => passingGuards(engine, space, row)),
  }
}

/** Longer than a write may take: two that choose at the same time meet in at least one of their guards. */
const passingMs = 60_000

/**
 * A row that holds no guard of its own, because its VRF or role allows others beside it, still is not given out twice:
 * what was written is seen by whoever looks later, and those who look at the same time meet here.
 */
function passingGuards(engine: Engine, space: string, row: Row): Write[] {
  if (row['alone'] === true) return []
  const { value } = storedAddress(row['address'])
  const at = engine.now().getTime()
  const minute = Math.floor(at / passingMs)
  return [minute, minute + 1].map((bucket) => ({
    put: {
      ...keys.unique('ipam.ipaddress', ['given'], [space, numberKey(value), String(bucket)]),
      owner: row.id,
      expiresAt: Math.ceil((at + 3 * passingMs) / 1000),
    },
    ifAbsent: 'number_taken',
  }))
}
