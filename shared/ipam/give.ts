import type { HttpRequest } from '../http/request.ts'
import { AppError } from '../errors.ts'
import type { Model, Row } from '../model/define.ts'
import type { Engine, WriteOptions } from '../model/engine.ts'
import { show, type Shown } from '../model/output.ts'
import { getStored, noRow } from '../model/records.ts'
import { readShown } from '../model/references.ts'
import type { Caller } from '../users/caller.ts'
import { allocateRows, type Allocation } from './allocate.ts'
import { ticketOf, type Ticket } from './idempotency.ts'
import type { Wanted } from './wanted.ts'

/** What every operation of IPAM is asked with. */
export type Asked = { caller: Caller; request: HttpRequest; body: unknown }

/** @throws AppError `not_found`. */
export async function readOne(engine: Engine, name: string, id: number): Promise<Row> {
  const model = engine.registry.get(name)
  const row = await getStored(engine, model, id)
  if (row === undefined) throw new AppError('not_found', noRow(model, id))
  return row
}

const writeOptions = (
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
const ticketFor = ({ caller, request, body }: Asked): Ticket | undefined =>
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

/** Gives out what was asked for, and answers with the rows. */
export async function give<T>(
  engine: Engine,
  asked: Asked,
  wanted: Wanted,
  allocation: Allocation<T>,
): Promise<(Shown & { id: number }) | (Shown & { id: number })[]> {
  const options = writeOptions(asked, wanted.isList)
  const rows = await allocateRows(engine, allocation, options, ticketFor(asked))
  const shown = await showAll(engine, asked, allocation.model, rows)
  const [one] = shown
  return wanted.isList || one === undefined ? shown : one
}
