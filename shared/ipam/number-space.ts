import * as z from 'zod'
import { keys, type Key } from '../table/keys.ts'
import type { Item, Table } from '../table/table.ts'
import type { Span } from './addresses.ts'

/**
 * Numbers that are handed out one by one: the addresses of a VRF, the VLANs of a group, AS numbers. Who has a number
 * is an item in the block of 256 that the number lies in, so that a search reads one block, whatever else is taken.
 */
const blockBits = 8n
export const blockSize = 1n << blockBits

/** How long a block is taken for full without looking: a release that could not say so is noticed after it. */
const fullMs = 3_600_000

const Occupant = z.object({ sk: z.string(), until: z.number().optional() })
const FullBlock = z.object({ sk: z.string(), at: z.number() })

export type SpaceTools = { table: Table; now: () => Date; random: () => number }

export const numberKey = (number: bigint): string => number.toString(16).padStart(32, '0')
export const blockOf = (number: bigint): bigint => number >> blockBits

/** The item that says who has a number; with `until` (milliseconds) for as long as a hold lasts. */
export const occupantItem = (space: string, number: bigint, id: number, until?: number): Item => ({
  ...occupantKey(space, number, id),
  id,
  ...(until === undefined ? {} : { until, expiresAt: Math.ceil(until / 1000) }),
})

const occupantKey = (space: string, number: bigint, id: number): Key =>
  keys.occupied(space, numberKey(blockOf(number)), numberKey(number), id)

/** Who has a number: ids of rows, and of holds that have not run out. */
export async function occupantsOf(
  { table, now }: Pick<SpaceTools, 'table' | 'now'>,
  space: string,
  number: bigint,
): Promise<number[]> {
  const partition = keys.occupiedIn(space, numberKey(blockOf(number)))
  const ids: number[] = []
  for await (const { sk, until } of table.query(Occupant, { partition, prefix: `${numberKey(number)}#` })) {
    if (until === undefined || until > now().getTime()) ids.push(Number(sk.split('#')[1]))
  }
  return ids
}

/** Who has each of several numbers, in their order; those of one block are read at once. */
export async function occupantsOfAll(
  tools: Pick<SpaceTools, 'table' | 'now'>,
  asked: readonly { space: string; number: bigint }[],
): Promise<number[][]> {
  const found = new Map<string, number[]>()
  const groups = Map.groupBy(asked, ({ space, number }) => `${space}\n${blockOf(number)}`)
  await Promise.all(
    [...groups.values()].map(async (group) => {
      const [{ space } = { space: '' }] = group
      const sorted = group.map(({ number }) => numberKey(number)).sort()
      const partition = keys.occupiedIn(space, numberKey(blockOf(BigInt(`0x${sorted[0]}`))))
      const range = { partition, from: `${sorted[0]}#`, to: `${sorted.at(-1)}#~` }
      for await (const { sk, until } of tools.table.query(Occupant, range)) {
        if (until !== undefined && until <= tools.now().getTime()) continue
        const [number = '', id] = sk.split('#')
        const name = `${space}\n${number}`
        found.set(name, [...(found.get(name) ?? []), Number(id)])
      }
    }),
  )
  return asked.map(({ space, number }) => found.get(`${space}\n${numberKey(number)}`) ?? [])
}

/** The numbers of a block that are taken, and how many of them for good. */
export async function readBlock(
  { table, now }: SpaceTools,
  space: string,
  block: bigint,
): Promise<{ taken: Set<bigint>; forGood: number }> {
  const taken = new Set<bigint>()
  const forGood = new Set<bigint>()
  const partition = keys.occupiedIn(space, numberKey(block))
  const at = now().getTime()
  for await (const { sk, until } of table.query(Occupant, { partition })) {
    const number = BigInt(`0x${sk.slice(0, 32)}`)
    if (until !== undefined && until <= at) continue
    taken.add(number)
    if (until === undefined) forGood.add(number)
  }
  return { taken, forGood: forGood.size }
}

/** Blocks of a span that are known to be full. */
export async function fullBlocksIn(
  { table, now }: SpaceTools,
  space: string,
  { first, last }: Span,
): Promise<Set<bigint>> {
  const range = {
    partition: keys.fullBlocks(space),
    from: numberKey(blockOf(first)),
    to: numberKey(blockOf(last)),
  }
  const found = new Set<bigint>()
  for await (const { sk, at } of table.query(FullBlock, range)) {
    if (at > now().getTime() - fullMs) found.add(BigInt(`0x${sk}`))
  }
  return found
}

/**
 * Notes that a block is full. Whoever gives a number back takes the note away after it (`freeBlocks`); a number that
 * was given back meanwhile is seen by the second look.
 */
export async function noteFull(tools: SpaceTools, space: string, block: bigint): Promise<void> {
  const key = keys.fullBlock(space, numberKey(block))
  const at = tools.now().getTime()
  const item = { ...key, at, expiresAt: Math.ceil((at + fullMs) / 1000) }
  await tools.table.write([{ put: item, unconditionally: true }])
  const { forGood } = await readBlock(tools, space, block)
  if (BigInt(forGood) < blockSize) await tools.table.write([{ remove: key, unconditionally: true }])
}

/** Takes the notes of full blocks away, after numbers were given back. */
export async function freeBlocks(
  { table }: Pick<SpaceTools, 'table'>,
  numbers: readonly { space: string; number: bigint }[],
): Promise<void> {
  const blocks = new Map(
    numbers.map(({ space, number }) => {
      const key = keys.fullBlock(space, numberKey(blockOf(number)))
      return [`${key.pk}\n${key.sk}`, key]
    }),
  )
  const noted = await table.getMany(FullBlock, [...blocks.values()])
  const found = [...blocks.values()].filter((_, index) => noted[index] !== undefined)
  for (const key of found) await table.write([{ remove: key, unconditionally: true }])
}
