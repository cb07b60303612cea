import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'
import { AppError } from '../errors.ts'
import type { Row } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { steadyJson } from '../model/steady-json.ts'
import { keys } from '../table/keys.ts'
import { goFirst, type FirstCopy } from './first-copy.ts'
import type { Write } from '../table/table.ts'

/** How long a key is kept: the same request is answered with the same rows for a day. */
const keptMs = 24 * 3_600_000
const keyMax = 200
const twinMs = 500
/** Between two looks whether another copy has the answer. */
const firstPauseMs = 50
const pauseCapMs = 1000

/** A request that may be sent again. `fingerprint` tells it from another one under the same key. */
export type Ticket = { caller: string; key: string; fingerprint: string }

const Answered = z.object({
  sk: z.string(),
  fingerprint: z.string(),
  rows: z.array(z.looseObject({ id: z.number() })),
  version: z.number(),
  until: z.number(),
})
type Answered = z.infer<typeof Answered>

/**
 * @param key the header as it came; without one a request is not remembered.
 * @throws AppError `validation_failed` for a key that is none.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function ticketOf(
  key: string | undefined,
  { caller, method, path, body }: { caller: string; method: string; path: string; body: unknown },
): Ticket | undefined {
  if (key === undefined) return undefined
  // The draft has it as a quoted string; most clients send it bare.
  const bare = /^"(.*)"$/.exec(key.trim())?.[1] ?? key.trim()
  if (!/^[\x21-\x7e]+$/.test(bare) || bare.length > keyMax) {
    const message = `An Idempotency-Key has 1 to ${keyMax} visible ASCII characters.`
    throw new AppError('validation_failed', message)
  }
  const fingerprint = createHash('sha256')
    .update(`${method} ${path}\n${steadyJson(body)}`)
    .digest('base64url')
  return { caller, key: bare, fingerprint }
}

/**
 * Does the parts of a request one after the other, each at most once, however many copies of the request run at the
 * same time: what a part wrote and its answer are one transaction.
 * @param run does one part; `remember` belongs into its transaction.
 * @throws AppError `key_reused` where the key came with another request before.
 */
export async function answerOnce(
  engine: Engine,
  ticket: Ticket | undefined,
  parts: number,
  run: RunPart,
): Promise<Row[]> {
  if (ticket === undefined) return answerParts(engine, ticket, parts, run)
  const running = runningOf.get(engine) ?? new Map<string, Promise<Row[]>>()
  runningOf.set(engine, running)
  const name = [ticket.caller, ticket.key, ticket.fingerprint].join('\n')
  // A copy that comes to the same container waits for the first; one elsewhere finds out by the table.
  const twin = running.get(name)
  if (twin !== undefined) return twin
  const own = answerParts(engine, ticket, parts, run).finally(() => running.delete(name))
  running.set(name, own)
  return own
}

const runningOf = new WeakMap<Engine, Map<string, Promise<Row[]>>>()

type RunPart = (part: number, remember: (rows: readonly Row[]) => Write[]) => Promise<readonly Row[]>

async function answerParts(
  engine: Engine,
  ticket: Ticket | undefined,
  parts: number,
  run: RunPart,
): Promise<Row[]> {
  const answered = ticket === undefined ? new Map<number, Answered>() : await readAnswers(engine, ticket)
  const rows: Row[] = []
  for (let part = 0; part < parts; part++) {
    const known = answered.get(part)
    rows.push(
      ...(isCurrent(engine, known) ? asRows(known) : await runPart(engine, { ticket, part, known, run })),
    )
  }
  return rows
}

const isCurrent = (engine: Engine, known: Answered | undefined): known is Answered =>
  known !== undefined && known.until > engine.now().getTime()

const asRows = ({ rows }: Answered): Row[] => rows as unknown as Row[]

type Part = {
  ticket: Ticket | undefined
  part: number
  /** An answer that is too old to count. */
  known: Answered | undefined
  run: RunPart
}

async function runPart(engine: Engine, { ticket, part, known, run }: Part): Promise<readonly Row[]> {
  if (ticket === undefined) return run(part, () => [])
  const turn = await waitForTurn(engine, ticket, part)
  if ('answer' in turn) return turn.answer
  try {
    return await run(part, (rows) => [rememberWrite(engine, { ticket, part, known, rows })])
  } catch (cause) {
    await turn.end()
    // A copy of this request may have been faster, with whatever else went wrong here because of it.
    if (!(cause instanceof AppError)) throw cause
    // It may be about to be written: then what this copy found taken was taken by it.
    if (cause.code === 'space_exhausted') await wait(twinMs)
    const other = (await readAnswers(engine, ticket)).get(part)
    if (!isCurrent(engine, other)) throw cause
    return asRows(other)
  }
}

/** Until it is this copy's turn, or another one has the answer. */
async function waitForTurn(
  engine: Engine,
  ticket: Ticket,
  part: number,
): Promise<FirstCopy | { answer: readonly Row[] }> {
  for (let looks = 0; ; looks++) {
    const turn = await goFirst(engine, ticket, part)
    if (turn !== undefined) return turn
    await wait(firstPauseMs + engine.random() * Math.min(pauseCapMs, firstPauseMs * 2 ** looks))
    const other = (await readAnswers(engine, ticket)).get(part)
    if (isCurrent(engine, other)) return { answer: asRows(other) }
  }
}

function rememberWrite(
  engine: Engine,
  { ticket, part, known, rows }: Omit<Part, 'run'> & { ticket: Ticket; rows: readonly Row[] },
): Write {
  const { caller, key, fingerprint } = ticket
  const until = engine.now().getTime() + keptMs
  const put = {
    ...keys.idempotent(caller, key, part),
    fingerprint,
    rows,
    until,
    version: (known?.version ?? 0) + 1,
    expiresAt: Math.ceil(until / 1000),
  }
  return known === undefined
    ? { put, ifAbsent: 'already_answered' }
    : { put, ifVersion: known.version, otherwise: 'already_answered' }
}

async function readAnswers(engine: Engine, ticket: Ticket): Promise<Map<number, Answered>> {
  const partition = keys.idempotentParts(ticket.caller, ticket.key)
  const found = new Map<number, Answered>()
  for await (const one of engine.table.query(Answered, { partition })) {
    if (isCurrent(engine, one) && one.fingerprint !== ticket.fingerprint)
      throw new AppError('key_reused', 'This Idempotency-Key came with another request before.')
    found.set(Number(one.sk), one)
  }
  return found
}
