import { createHash } from 'node:crypto'
import * as z from 'zod'
import { AppError } from '../errors.ts'
import type { Change } from '../model/change.ts'
import { steadyJson } from '../model/steady-json.ts'
import { keys, type Key } from '../table/keys.ts'
import type { Table, Write } from '../table/table.ts'

/**
 * The sealed log: change records in numbered blocks, each holding the hash of the one before, written by one consumer
 * of the table's stream. Whoever needs an order reads it here; whoever alters a record afterwards breaks the chain.
 */

/** One chain for all: a block takes a whole batch of changes, so its head is written a few times a second at most. */
export const logShard = 0

/** A transaction holds 100 items: the block, the head, and a mark for each change. */
const blockChangesMax = 98
/** Several batches of the stream may be sealed at once; each loser tries again on the new head. */
const racesMax = 20
/** A stream keeps records for a day; after this no change can be delivered again. */
const markDays = 8

const SealedEntry = z.object({ pk: z.string(), sk: z.string(), sha256: z.string() })
type SealedEntry = z.infer<typeof SealedEntry>

export const SealedBlock = z.object({
  sequence: z.number(),
  /** Hash of the block before; 64 zeros for the first. */
  previous: z.string(),
  hash: z.string(),
  at: z.string(),
  entries: z.array(SealedEntry),
})
export type SealedBlock = z.infer<typeof SealedBlock>

export const SealedHead = z.object({ version: z.number(), sequence: z.number(), hash: z.string() })
const SealedMark = z.object({ sequence: z.number() })

export const genesis = '0'.repeat(64)

/** A change record with its place in the table. */
export type Recorded = { key: Key; change: Change }

export const digestOf = (change: Change): string =>
  createHash('sha256').update(steadyJson(change)).digest('hex')

export const blockHash = ({ sequence, previous, at, entries }: Omit<SealedBlock, 'hash'>): string =>
  createHash('sha256').update(steadyJson({ sequence, previous, at, entries })).digest('hex')

type Parts = { table: Table; now: () => Date }

/**
 * Appends changes to the log. Those that are in it already are passed over, so any batch may be delivered again.
 * @returns how many were new.
 * @throws AppError `write_conflict` when other sealers were faster too often.
 */
export async function sealChanges(parts: Parts, recorded: readonly Recorded[]): Promise<number> {
  let sealed = 0
  for (let start = 0; start < recorded.length; start += blockChangesMax) {
    sealed += await sealBlock(parts, recorded.slice(start, start + blockChangesMax))
  }
  return sealed
}

async function sealBlock({ table, now }: Parts, recorded: readonly Recorded[]): Promise<number> {
  for (let race = 1; ; race++) {
    // The head is read before the marks: a block that is added in between makes the transaction fail.
    const head = await table.get(SealedHead, keys.sealedHead(logShard))
    const marks = await table.getMany(
      SealedMark,
      recorded.map(({ key }) => keys.sealedMark(key)),
    )
    const fresh = distinct(recorded.filter((_, index) => marks[index] === undefined))
    if (fresh.length === 0) return 0
    try {
      await table.write(blockWrites(head, fresh, now()))
      return fresh.length
    } catch (cause) {
      const isRace = cause instanceof AppError && cause.code === 'write_conflict'
      if (!isRace || race >= racesMax) throw cause
    }
  }
}

function distinct(recorded: readonly Recorded[]): Recorded[] {
  return [...new Map(recorded.map((one) => [`${one.key.pk}\n${one.key.sk}`, one])).values()]
}

function blockWrites(
  head: z.infer<typeof SealedHead> | undefined,
  recorded: readonly Recorded[],
  now: Date,
): Write[] {
  const sequence = (head?.sequence ?? 0) + 1
  const entries = recorded.map(({ key, change }) => ({ pk: key.pk, sk: key.sk, sha256: digestOf(change) }))
  const block = { sequence, previous: head?.hash ?? genesis, at: now.toISOString(), entries }
  const hash = blockHash(block)
  const nextHead = { ...keys.sealedHead(logShard), version: (head?.version ?? 0) + 1, sequence, hash }
  const expiresAt = Math.floor(now.getTime() / 1000) + markDays * 86_400
  return [
    { put: { ...keys.sealedBlock(logShard, sequence), ...block, hash }, ifAbsent: 'write_conflict' },
    head === undefined
      ? { put: nextHead, ifAbsent: 'write_conflict' }
      : { put: nextHead, ifVersion: head.version, otherwise: 'write_conflict' },
    ...recorded.map(({ key }): Write => ({
      put: { ...keys.sealedMark(key), sequence, expiresAt },
      unconditionally: true,
    })),
  ]
}
