import { AppError } from '../errors.ts'
import { countColumns, countsOf } from '../model/counts.ts'
import type { Model, Row } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { listRows, refreshAll, shownNeeds, sourcesAt, type Sources } from '../model/listing.ts'
import { readLive } from '../model/live.ts'
import { noSuch } from '../model/nearest.ts'
import { isSelected, show, type Links, type Selection, type Shown } from '../model/output.ts'
import { readSelection, rejectQuery, type Query } from '../model/query.ts'
import { etagOf, getRow, noRow } from '../model/records.ts'
import { lookUpReferences, readObjects, readShown } from '../model/references.ts'
import type { Caller } from '../users/caller.ts'
import { pageLinks } from './paging.ts'
import type { HttpRequest, Reply } from './request.ts'

export type ModelCall = { engine: Engine; model: Model; request: HttpRequest; caller: Caller }

export async function replyList({ engine, model, request }: ModelCall): Promise<Reply> {
  const { rows, count, page, after, selection, sources, ...facets } = await listRows(
    engine,
    model,
    request.query,
  )
  const results = await showListed(engine, { sources, model, rows, selection, links: request.links })
  return { status: 200, body: { count, ...pageLinks(request, { count, page, after }), ...facets, results } }
}

type Listed = { sources: Sources; model: Model; rows: readonly Row[]; selection: Selection; links: Links }

/** Rows that came from the catalogs; what they refer to comes from there too. */
async function showListed(
  engine: Engine,
  { sources, model, rows, selection, links }: Listed,
): Promise<Shown[]> {
  const { registry, catalogs } = sources
  const isShown = (name: string): boolean => isSelected(model, selection, name)
  const counts = countsOf(model, sources, isShown)
  // The catalogs are read before anything is waited for: they may move on meanwhile.
  const counted = new Map(rows.map((row) => [row.id, counts(row)]))
  const listed = lookUpReferences(catalogs, registry, model, rows)
  const known = new Map([...listed, ...(await readObjects(engine, model, rows))])
  const live = catalogs === engine.catalogs ? await readLive(engine, model, rows, isShown) : new Map()
  const context = { registry, links, known, live, countsOf: ({ id }: Row) => counted.get(id) ?? {} }
  return rows.map((row) => show(context, model, row, selection))
}

/** Parameters of one object that is read. */
const objectParameters = ['brief', 'fields', 'omit', 'exclude', 'at', 'format'] as const

export async function replyGet(call: ModelCall, id: number): Promise<Reply> {
  const { engine, model, request } = call
  const { query } = request
  const { selection, issues } = readSelection(model, query)
  const unknown = [...query.keys()].filter((name) => !(objectParameters as readonly string[]).includes(name))
  rejectQuery(
    unknown.map((name) => ({ path: name, message: noSuch('parameter', name, objectParameters) })),
    issues,
  )
  if (query.has('at')) return replyPast(call, id, selection)
  const row = await getRow(engine, model, id)
  if (row === undefined) throw new AppError('not_found', noRow(model, id))
  const [shown] = await showRows(call, [row], selection)
  return { status: 200, headers: { etag: etagOf(row) }, body: shown }
}

/** The object as it was. It has no ETag: nothing of the past can be changed. */
async function replyPast(
  { engine, model, request }: ModelCall,
  id: number,
  selection: Selection,
): Promise<Reply> {
  const { query, links } = request
  const sources = sourcesAt(engine, query)
  await refreshAll(sources, [model.name, ...shownNeeds(sources, model, selection)])
  const row = sources.catalogs.of(model).rows.get(id)
  if (row === undefined) {
    const detail = `There was no ${model.label.toLowerCase()} with the id ${id} at ${atOf(query)}.`
    throw new AppError('not_found', detail)
  }
  const [body] = await showListed(engine, { sources, model, rows: [row], selection, links })
  return { status: 200, body }
}

const atOf = (query: Query): string => query.get('at')?.[0] ?? ''

/** Rows that were read or written by key; what they refer to is read by key too. */
export async function showRows(
  { engine, model, request }: ModelCall,
  rows: readonly Row[],
  selection: Selection = {},
): Promise<Shown[]> {
  const isShown = (name: string): boolean => isSelected(model, selection, name)
  const isNew = request.method === 'POST'
  const [known, live] = await Promise.all([
    readShown(engine, model, rows),
    readLive(engine, model, rows, isShown),
    // Nothing refers to an object that has just been made.
    isNew ? undefined : refreshCounts(engine, model, isShown),
  ])
  const context = { registry: engine.registry, links: request.links, known, live }
  const counts = isNew ? {} : { countsOf: countsOf(model, engine, isShown) }
  return rows.map((row) => show({ ...context, ...counts }, model, row, selection))
}

const refreshCounts = (engine: Engine, model: Model, isShown: (name: string) => boolean): Promise<void> =>
  refreshAll(
    engine,
    countColumns(model, engine).flatMap(({ column, needs }) => (isShown(column.name) ? needs : [])),
  )
