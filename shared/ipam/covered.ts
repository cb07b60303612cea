import * as z from 'zod'
import { keys, type Key } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { networkOf, parentOf, spanOf, valueKeyOf, type Network } from './addresses.ts'

/**
 * Notes of networks that the prefixes in them cover whole: a search for free space passes them by. Noted at lengths
 * that are multiples of 8, so that a prefix that goes away touches few.
 */
const levelBits = 8
/** As with full blocks: a release that could not say so is noticed after it. */
const coveredMs = 3_600_000

const Noted = z.object({ sk: z.string(), at: z.number() })

const levelSpace = (space: string, length: number): string => `${space}#${length}`
const noteKey = (space: string, { family, value, length }: Network): Key =>
  keys.fullBlock(levelSpace(space, length), valueKeyOf(family, value))

/** The length of the blocks in which places for networks of this length are looked for, inside a parent. */
export const blockLength = (parent: Network, length: number): number =>
  Math.max(parent.length, Math.floor((length - 1) / levelBits) * levelBits)

/** Blocks of a parent that are covered, by the text of their first address. */
export async function coveredIn(
  table: Table,
  space: string,
  { parent, length, now }: { parent: Network; length: number; now: Date },
): Promise<Set<bigint>> {
  const found = new Set<bigint>()
  if (length % levelBits !== 0) return found
  const { first, last } = spanOf(parent)
  const range = {
    partition: keys.fullBlocks(levelSpace(space, length)),
    from: valueKeyOf(parent.family, first),
    to: valueKeyOf(parent.family, last),
  }
  for await (const { sk, at } of table.query(Noted, range)) {
    if (at > now.getTime() - coveredMs) found.add(BigInt(`0x${sk.slice(1)}`))
  }
  return found
}

/** @param isStillCovered looks a second time: what was given back meanwhile is seen by it. */
export async function noteCovered(
  table: Table,
  space: string,
  { block, now, isStillCovered }: { block: Network; now: Date; isStillCovered: () => Promise<boolean> },
): Promise<void> {
  if (block.length % levelBits !== 0) return
  const key = noteKey(space, block)
  const at = now.getTime()
  const item = { ...key, at, expiresAt: Math.ceil((at + coveredMs) / 1000) }
  await table.write([{ put: item, unconditionally: true }])
  if (!(await isStillCovered())) await table.write([{ remove: key, unconditionally: true }])
}

/** Takes the notes away of all that the networks lie in, after they were given back. */
export async function freeCovered(
  table: Table,
  networks: readonly { space: string; network: Network }[],
): Promise<void> {
  const around = networks.flatMap(({ space, network }) => {
    const { family, value, length } = networkOf(network)
    const levels = Math.floor(length / levelBits)
    return Array.from({ length: levels + 1 }, (_, level) =>
      noteKey(space, parentOf(family, value, level * levelBits)),
    )
  })
  const unique = [...new Map(around.map((key) => [`${key.pk}\n${key.sk}`, key])).values()]
  const noted = await table.getMany(Noted, unique)
  const found = unique.filter((_, index) => noted[index] !== undefined)
  for (const key of found) await table.write([{ remove: key, unconditionally: true }])
}
