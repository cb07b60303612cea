import { randomInt } from 'node:crypto'
import * as z from 'zod'
import { AppError } from '../errors.ts'
import type { Engine } from '../model/engine.ts'
import { keys } from '../table/keys.ts'
import type { Write } from '../table/table.ts'

/**
 * Of copies of one request that run at the same time, in processes that do not know each other, one goes first and the
 * others wait for its answer: were all of them to look for free places, each would keep those of the others from being
 * found. It is for the sake of others only: that a request is answered once is for its transaction to see to.
 */

/** Longer than the first copy may take. One that died holds the others up no longer. */
const turnMs = 30_000

const isOthers: ReadonlySet<string> = new Set(['already_answered', 'write_conflict'])

const Turn = z.object({ version: z.number(), until: z.number() })

/** To be ended where it came to no answer, so that the next copy need not wait. */
export type FirstCopy = { end: () => Promise<void> }

/** @returns undefined where another copy is at it. */
export async function goFirst(
  { table, now }: Pick<Engine, 'table' | 'now'>,
  { caller, key }: { caller: string; key: string },
  part: number,
): Promise<FirstCopy | undefined> {
  const item = keys.firstCopy(caller, key, part)
  const earlier = await table.get(Turn, item)
  const at = now().getTime()
  if (earlier !== undefined && earlier.until > at) return undefined
  const until = at + turnMs
  const version = randomInt(2 ** 40)
  const put = { ...item, version, until, expiresAt: Math.ceil((until + turnMs) / 1000) }
  const write: Write =
    earlier === undefined
      ? { put, ifAbsent: 'already_answered' }
      : { put, ifVersion: earlier.version, otherwise: 'already_answered' }
  try {
    await table.write([write])
  } catch (cause) {
    // Whoever else writes this note is a copy of the request.
    if (cause instanceof AppError && isOthers.has(cause.code)) return undefined
    throw cause
  }
  const remove: Write = { remove: item, ifVersion: version, otherwise: 'already_answered' }
  // Whatever goes wrong with it: it runs out by itself.
  return { end: () => table.write([remove]).catch(() => undefined) }
}
