import type { HttpRequest } from '../http/request.ts'
import type { Model, Row } from '../model/define.ts'
import type { Engine, WriteOptions } from '../model/engine.ts'
import { show, type Links, type Shown } from '../model/output.ts'
import { readShown } from '../model/references.ts'
import type { Caller } from '../users/caller.ts'
import { allocateRows, type Allocation } from './allocate.ts'
import { createHolds, type Hold } from './holds.ts'
import { ticketOf, type Ticket } from './idempotency.ts'
import type { Wanted } from './wanted.ts'

/** What every operation of IPAM is asked with. */
export type Asked = { caller: Caller; request: HttpRequest; body: unknown }

export const writeOptions = (
  { caller, request }: Pick<Asked, 'caller' | 'request'>,
  bulk: boolean,
): WriteOptions => ({
  actor: {
    userId: caller.userId,
    username: caller.username,
    tokenId: caller.tokenId,
    requestId: caller.requestId,
  },
  message: (request.headers['x-changelog-message'] ?? '').slice(0, 200),
  bulk,
})

/** @throws AppError for a key that is none. */
export const ticketFor = ({ caller, request, body }: Asked): Ticket | undefined =>
  ticketOf(request.headers['idempotency-key'], {
    caller: String(caller.userId),
    method: request.method,
    path: request.path.replace(/\/*$/, ''),
    body,
  })

/** Rows as they are shown; one alone where one was asked for. */
export async function showAll(
  engine: Engine,
  { request }: Pick<Asked, 'request'>,
  model: Model,
  rows: readonly Row[],
): Promise<(Shown & { id: number })[]> {
  const known = await readShown(engine, model, rows)
  const context = { registry: engine.registry, links: request.links, known, live: new Map() }
  return rows.map((row) => ({ ...show(context, model, row), id: row.id }))
}

type Answer = (Shown & { id: number }) | (Shown & { id: number })[]

/** Gives out what was asked for, or holds it, and answers with the rows or holds. */
export async function give<T>(
  engine: Engine,
  asked: Asked,
  wanted: Wanted,
  allocation: Allocation<T>,
): Promise<Answer> {
  const ticket = ticketFor(asked)
  const answer = (all: (Shown & { id: number })[]): Answer => {
    const [one] = all
    return wanted.isList || one === undefined ? all : one
  }
  if (wanted.holdSeconds !== undefined) {
    const holds = await createHolds(engine, allocation, wanted.holdSeconds, ticket)
    return answer(holds.map((one) => showHold(asked.request.links, one)))
  }
  const rows = await allocateRows(engine, allocation, writeOptions(asked, wanted.isList), ticket)
  return answer(await showAll(engine, asked, allocation.model, rows))
}

/** A hold beside what it holds: `address`, `prefix`, `vid` or `asn`. */
export const showHold = ({ origin }: Links, { id, model, values, until }: Hold) => ({
  id,
  url: `${origin}/api/ipam/holds/${id}/`,
  display: String(values['address'] ?? values['prefix'] ?? values['vid'] ?? values['asn']),
  model,
  ...values,
  expires: new Date(until).toISOString(),
})
