import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../errors.ts'
import type { Model, Row } from '../model/define.ts'
import type { Engine, WriteOptions } from '../model/engine.ts'
import { createRows } from '../model/records.ts'
import { presenceCount } from '../model/registry.ts'
import type { Item, Write } from '../table/table.ts'
import { createContention } from './contention.ts'
import { startClaims, type Claim, type IsCrowded } from './in-flight.ts'
import { answerOnce, type Ticket } from './idempotency.ts'

/** A search goes on for so long; API Gateway gives up after 30 s. */
const patienceMs = 24_000
const pauseCapMs = 200
/** Between two looks where there is not enough. */
const shortMs = 250
/** How often others are tried where what was chosen does not suit the rows. */
const unfitMax = 3
/** Of the 100 items of a transaction; what a row takes without further references; what all rows share. */
const itemsMax = 100
const rowItems = 8
const commonItems = 6

export type Search = {
  count: number
  level: number
  claim: Claim
  /** Whether so many of a group (`groupOf`) are chosen already that there is nothing to find. */
  isCrowded: IsCrowded
}

/** Something to be given out: numbers or networks, by their text. */
export type Allocation<T> = {
  model: Model
  /** One per row that is wanted: what the caller says of it. */
  bodies: readonly Record<string, unknown>[]
  /** The field that says what was given out: a complaint about it means that others were faster. */
  field: string
  /** What those who contend have in common: the texts of what is given out mean the same in it. */
  space: string
  /** As many free ones as wanted, or all there are. */
  choose: (search: Search) => Promise<readonly T[]>
  valuesOf: (chosen: T) => Record<string, unknown>
  textOf: (chosen: T) => string
  /** What is looked at together: a block of numbers. */
  groupOf?: (text: string) => string
  /** Conditions beyond the rows' own. */
  guard?: (rows: readonly Row[]) => readonly Write[]
  /** Asks for the place before the rows are written. @throws AppError `number_taken`. */
  reserve?: (chosen: readonly T[]) => Promise<Reservation>
  /** The item that keeps a place as long as a hold lasts. */
  holdItem: (chosen: T, hold: { id: number; until: number; version: number }) => Item
  /** Words for the error when there is not enough. */
  what: string
}

/** What the rows' transaction must take along; what to do where it did not come to one. */
type Reservation = { writes: readonly Write[]; release: () => Promise<void> }

const contention = createContention()

/**
 * Gives out what nobody has, and writes a row for each, without a lock: candidates are chosen from what is free, the
 * transaction's conditions say whether they still are, and whoever lost looks again, elsewhere.
 * @throws AppError `space_exhausted` when there is not enough; whatever is wrong with the rows; `write_conflict` when
 * others are faster for 20 s; `key_reused`.
 */
export async function allocateRows<T>(
  engine: Engine,
  allocation: Allocation<T>,
  options: WriteOptions,
  ticket: Ticket | undefined,
): Promise<Row[]> {
  const { bodies } = allocation
  const rows = rowsOfPart(allocation.model, bodies)
  const parts = Math.ceil(bodies.length / rows)
  return answerOnce(engine, ticket, parts, (part, remember) => {
    const own = bodies.slice(part * rows, (part + 1) * rows)
    return allocatePart(engine, { ...allocation, bodies: own }, options, remember)
  })
}

/** How many rows fit one transaction: of the bodies alone, so that a request that is sent again has the same parts. */
function rowsOfPart(model: Model, bodies: readonly Record<string, unknown>[]): number {
  const references = bodies.map((body) =>
    Object.values(body).reduce(
      (sum: number, value) =>
        sum + (Array.isArray(value) ? 2 * value.length : typeof value === 'object' ? 2 : 0),
      2 * Object.keys(body).filter((name) => name.endsWith('_id')).length,
    ),
  )
  const ids = bodies.map(
    (body) => 2 * Object.values(body).filter((value) => typeof value === 'number').length,
  )
  const most = Math.max(0, ...references.map((count, index) => count + (ids[index] ?? 0)))
  return Math.max(1, Math.floor((itemsMax - commonItems) / (rowItems + presenceCount(model) + most)))
}

async function allocatePart<T>(
  engine: Engine,
  allocation: Allocation<T>,
  options: WriteOptions,
  remember: (rows: readonly Row[]) => Write[],
): Promise<Row[]> {
  const { bodies, model } = allocation
  const write = async (chosen: readonly T[]): Promise<Row[]> => {
    const reservation = await allocation.reserve?.(chosen)
    const together = (rows: readonly Row[]): Write[] => [
      ...remember(rows),
      ...(reservation?.writes ?? []),
      ...(allocation.guard?.(rows) ?? []),
    ]
    const inputs = bodies.map((body, index) => {
      const one = chosen[index]
      return one === undefined ? body : { ...body, ...allocation.valuesOf(one) }
    })
    try {
      return await createRows(engine, model, inputs as Record<string, never>[], { ...options, together })
    } catch (cause) {
      await reservation?.release()
      throw cause
    }
  }
  return search(engine, { ...allocation, count: bodies.length }, write)
}

type Searching<T> = Pick<Allocation<T>, 'space' | 'choose' | 'field' | 'textOf' | 'groupOf' | 'what'> & {
  count: number
}

/** Chooses and tries until it succeeds, or fails for another reason than a lost race. */
export async function search<T, R>(
  engine: Engine,
  searching: Searching<T>,
  attempt: (chosen: readonly T[]) => Promise<R>,
): Promise<R> {
  const { space } = searching
  const avoid = new Set<string>()
  const startedMs = performance.now()
  let level = contention.levelOf(space)
  let unfit = 0
  let wasShort = false
  for (let tries = 1; ; tries++) {
    const outcome = await attemptOnce(searching, { level, avoid }, attempt)
    if ('done' in outcome) return outcome.done
    if ('found' in outcome) {
      // Others may hold for a moment what they do not come to keep: only the second look is believed.
      if (wasShort && !outcome.hasYielded) throw exhausted(searching, outcome.found)
      // What is not free now may be free the next time.
      if (performance.now() - startedMs > patienceMs) throw new AppError('write_conflict')
      wasShort = true
      await wait(shortMs)
      continue
    }
    wasShort = false
    unfit += outcome.isTaken ? 0 : 1
    if (unfit > unfitMax) throw outcome.cause
    if (performance.now() - startedMs > patienceMs)
      throw new AppError('write_conflict', undefined, { cause: outcome.cause })
    for (const one of outcome.lost) avoid.add(searching.textOf(one))
    level = contention.lost(space)
    await wait(engine.random() * Math.min(pauseCapMs, 5 * 2 ** tries))
  }
}

type Outcome<T, R> = { done: R } | { found: number; hasYielded: boolean } | (Lost<T> & { cause: unknown })

async function attemptOnce<T, R>(
  searching: Searching<T>,
  { level, avoid }: { level: number; avoid: ReadonlySet<string> },
  attempt: (chosen: readonly T[]) => Promise<R>,
): Promise<Outcome<T, R>> {
  const { space, choose, count } = searching
  const claims = startClaims(space, avoid, searching.groupOf ?? (() => ''))
  let isWritten = false
  let chosen: readonly T[] = []
  try {
    chosen = await choose({ count, level, claim: claims.claim, isCrowded: claims.isCrowded })
    if (chosen.length < count) return { found: chosen.length, hasYielded: claims.hasYielded() }
    const done = await attempt(chosen)
    isWritten = true
    return { done }
  } catch (cause) {
    const found = lostOf(cause, searching, chosen)
    if (found === undefined) throw cause
    return { ...found, cause }
  } finally {
    claims.end(isWritten)
  }
}

const exhausted = ({ what, count }: Pick<Searching<unknown>, 'what' | 'count'>, found: number): AppError =>
  new AppError('space_exhausted', `${what}: ${count} requested, ${found} available.`)

const raceCodes: ReadonlySet<string> = new Set([
  'number_taken',
  'parent_changed',
  'version_conflict',
  'write_conflict',
])
/** How the rules of addresses and prefixes begin when another row has it. */
const takenWords = /^(?:Duplicate|There is an? |.* already exists)/

type Lost<T> = { lost: readonly T[]; isTaken: boolean }

/**
 * What could not be given out: because others have it, or because it does not suit the row (the first address of a pool
 * on an interface). Undefined where something else went wrong.
 */
function lostOf<T>(cause: unknown, { field }: Searching<T>, chosen: readonly T[]): Lost<T> | undefined {
  if (!(cause instanceof AppError)) return undefined
  if (raceCodes.has(cause.code)) return { lost: [], isTaken: true }
  if (cause.code !== 'duplicate' && cause.code !== 'validation_failed') return undefined
  const complaints = complaintsOf(cause)
  if (complaints.length === 0) return cause.code === 'duplicate' ? { lost: chosen, isTaken: true } : undefined
  if (complaints.some((one) => one.field !== field)) return undefined
  const isTaken = complaints.every(({ message }) => takenWords.test(message))
  const lost = chosen.filter((_, index) => complaints.some((one) => one.index === index))
  return { lost, isTaken }
}

function complaintsOf({ extra, issues }: AppError): { index: number; field: string; message: string }[] {
  const { errors } = extra
  if (!Array.isArray(errors)) return issues.map(({ path, message }) => ({ index: 0, field: path, message }))
  const rows = errors as { index: number; errors: Record<string, string[]> }[]
  return rows.flatMap((row) =>
    Object.entries(row.errors).flatMap(([field, messages]) =>
      messages.map((message) => ({ index: row.index, field, message })),
    ),
  )
}
