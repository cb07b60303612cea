import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'
import { AppError } from '../errors.ts'
import type { Engine } from '../model/engine.ts'
import { keys, type Key } from '../table/keys.ts'
import type { Item, Table, Write } from '../table/table.ts'
import { valueKeyOf, type Family, type Span } from './addresses.ts'
import { numberKey } from './number-space.ts'

/**
 * Spans that may not overlap: IP ranges of a VRF, aggregates. Who wants one first puts a tentative item in its place,
 * then looks around, and only then writes the row: of two that overlap, at least the later sees the other. Nobody
 * waits for a lock, and no item is in two writers' transactions.
 */
export type Ask = { space: string; family: Family; span: Span; id: number }

/** A tentative item that was left behind counts no longer than this: longer than a request may take. */
const tentativeMs = 40_000
/** How long a writer waits for one that asks for the same place. */
const patienceMs = 6000
const pauseMs = 40

const Placed = z.object({
  sk: z.string(),
  id: z.number(),
  last: z.string(),
  until: z.number().optional(),
  version: z.number().optional(),
})
type Placed = z.infer<typeof Placed>

/** The item that stands for a span of a row. */
export const spanItem = ({ space, family, span, id }: Ask): Item => ({
  ...keys.network(space, valueKeyOf(family, span.first), id),
  id,
  last: numberKey(span.last),
})

const tentativeKey = ({ space, family, span, id }: Ask): Key => {
  const { pk, sk } = keys.network(space, valueKeyOf(family, span.first), id)
  return { pk, sk: `${sk}~` }
}

/**
 * Asks for a place. @returns the id of the row that has it already, or what the row's transaction must take along.
 * @throws AppError `write_conflict` when others ask for it for too long.
 */
export async function askForSpan(
  { table, now }: Engine,
  ask: Ask,
): Promise<{ takenBy: number } | { writes: Write[] }> {
  const key = tentativeKey(ask)
  const version = randomInt(2 ** 40)
  const startedMs = performance.now()
  let isPut = false
  for (;;) {
    const until = now().getTime() + tentativeMs
    const item = { ...key, id: ask.id, last: numberKey(ask.span.last), until, version }
    const expiresAt = Math.ceil(until / 1000)
    if (!isPut) await table.write([{ put: { ...item, expiresAt }, unconditionally: true }])
    isPut = true
    const others = (await overlapping(table, ask)).filter(({ id }) => id !== ask.id)
    const taken = others.find((one) => one.until === undefined)
    const rivals = others.filter((one) => one.until !== undefined && one.until > now().getTime())
    if (taken === undefined && rivals.length === 0) {
      await dropStale(table, ask.space, others)
      return { writes: [{ remove: key, ifVersion: version, otherwise: 'version_conflict' }] }
    }
    // The later id gives way: one of them always gets on.
    const givesWay = rivals.some(({ id }) => id < ask.id)
    const isLate = performance.now() - startedMs > patienceMs
    if (taken !== undefined || givesWay || isLate) {
      await table.write([{ remove: key, unconditionally: true }])
      isPut = false
    }
    if (taken !== undefined) return { takenBy: taken.id }
    if (isLate) throw new AppError('write_conflict')
    await wait(pauseMs * (0.5 + Math.random()))
  }
}

/** Left behind by a writer that died: should it still live, its own transaction fails now. */
async function dropStale(table: Table, space: string, stale: readonly Placed[]): Promise<void> {
  for (const { sk, version = 0 } of stale) {
    const key = { pk: keys.networks(space), sk }
    await table.write([{ remove: key, ifVersion: version, otherwise: 'version_conflict' }]).catch(ignoreGone)
  }
}

const ignoreGone = (cause: unknown): void => {
  if (!(cause instanceof AppError) || cause.code !== 'version_conflict') throw cause
}

/** Items that overlap the span: those that begin in it, and those before it that reach into it. */
async function overlapping(table: Table, { space, family, span }: Ask): Promise<Placed[]> {
  const partition = keys.networks(space)
  const from = valueKeyOf(family, span.first)
  const found: Placed[] = []
  const inside = { partition, from, to: `${valueKeyOf(family, span.last)}~` }
  for await (const one of table.query(Placed, inside)) found.push(one)
  const before = { partition, from: String(family), to: from, newestFirst: true }
  for await (const one of table.query(Placed, before)) {
    if (one.last >= numberKey(span.first)) found.push(one)
    // Rows do not overlap each other: what lies before the nearest one cannot reach over it.
    if (one.until === undefined) break
  }
  return found
}
