import type { Model, Row } from '../model/define.ts'
import { attemptsMsMax } from '../table/retry.ts'
import type { Table } from '../table/table.ts'
import { readNewest, readRows, type Newest } from './delta.ts'
import { recentChanges, type RecentChanges } from './recent.ts'

/**
 * How far back each refresh looks again. A change carries the time at which its write began, and may become visible
 * as late as the write may last: the attempts, one request's time limit, and a little for clocks that differ.
 */
export const overlapMs = attemptsMsMax + 12_000

/** All rows of a model as they were at some moment, from which a catalog starts. */
export type Snapshot = {
  rows: Iterable<Row>
  /** Objects that were deleted shortly before. */
  gone: readonly number[]
  /** Every write that had ended by then is in it. */
  takenAt: Date
}

/** Where rows come from at a cold start, so that only the changes since `takenAt` are read. */
export type SnapshotSource = (model: Model) => Promise<Snapshot | undefined>

/** All rows of a model, in memory, as of the last refresh. */
export type Catalog = {
  model: Model
  /** Reads what was changed since. When it resolves, `rows` shows every write that had ended before the call. */
  refresh(): Promise<void>
  rows: ReadonlyMap<number, Row>
  /** Counts up whenever `rows` changes: what is derived from the rows is kept as long as it stays. */
  generation(): number
  /**
   * Ids of the rows that were written or removed since, so that what is derived can follow; undefined where that is
   * too long ago to tell.
   */
  changedSince(generation: number): readonly number[] | undefined
}

/** What the last refresh has seen. @throws Error before the first one. */
type Pictured = Catalog & { picture(): Snapshot }

export type Catalogs = { of(model: Model): Catalog }

export type CatalogSources = {
  table: Table
  now: () => Date
  snapshot?: SnapshotSource
  /** Default: the change records of each model are asked for by themselves. */
  recent?: RecentChanges
}

/** One catalog per model, made when it is first asked for. Together they ask once for what changes seldom. */
export function createCatalogs(given: Omit<CatalogSources, 'recent'>): Catalogs {
  const known = new Map<string, Catalog>()
  const sources = { ...given, recent: recentChanges(given.table, given.now) }
  return {
    of(model) {
      const catalog = known.get(model.name) ?? createCatalog(model, sources)
      known.set(model.name, catalog)
      return catalog
    },
  }
}

type State = {
  rows: Map<number, Row>
  /** When it was learned that an object is gone, so that a late look at an old change does not bring it back. */
  gone: Map<number, number>
  generation: number
  /** The rows that were changed by the last generations, one each, up to the present one. */
  touched: number[]
  /** Begin of the last refresh, or the time of the snapshot, in milliseconds. */
  seenUntil: number | undefined
}

export function createCatalog(model: Model, sources: CatalogSources): Pictured {
  const state: State = { rows: new Map(), gone: new Map(), generation: 0, touched: [], seenUntil: undefined }
  let running: Promise<void> | undefined
  let waiting: Promise<void> | undefined
  const start = (): Promise<void> => {
    running = refreshState(state, model, sources).finally(() => {
      running = undefined
    })
    return running
  }
  // A refresh under way began before this call: its answer may lack a write of the caller. All who come meanwhile
  // share the one after it.
  const refresh = (): Promise<void> => {
    if (running === undefined) return start()
    waiting ??= running
      .catch(() => {})
      .then(() => {
        waiting = undefined
        return start()
      })
    return waiting
  }
  return {
    model,
    refresh,
    rows: state.rows,
    generation: () => state.generation,
    changedSince: (since) => changedSince(state, since),
    picture: () => pictureOf(state),
  }
}

/** Generations that are remembered one by one. */
const touchedMax = 4000

function touch(state: State, id: number): void {
  state.generation += 1
  state.touched.push(id)
  if (state.touched.length > 2 * touchedMax) state.touched = state.touched.slice(-touchedMax)
}

function changedSince({ generation, touched }: State, since: number): readonly number[] | undefined {
  const count = generation - since
  if (count > touched.length) return undefined
  return count === 0 ? [] : touched.slice(-count)
}

async function refreshState(state: State, model: Model, sources: CatalogSources): Promise<void> {
  const startedAt = sources.now().getTime()
  if (state.seenUntil === undefined) await loadSnapshot(state, model, sources)
  const since = state.seenUntil === undefined ? undefined : new Date(state.seenUntil - overlapMs)
  const newest = await (sources.recent?.newest(model, since) ?? readNewest(sources.table, model, since))
  await applyNewest(state, newest, { model, table: sources.table, at: startedAt })
  state.seenUntil = startedAt
  forgetGone(state, startedAt)
}

async function loadSnapshot(state: State, model: Model, { snapshot, now }: CatalogSources): Promise<void> {
  const loaded = await snapshot?.(model)
  if (loaded === undefined) return
  for (const row of loaded.rows) state.rows.set(row.id, row)
  for (const id of loaded.gone) state.gone.set(id, now().getTime())
  state.generation += 1
  state.touched = []
  state.seenUntil = loaded.takenAt.getTime()
}

/**
 * Change records tell which rows to look at; what a row is now, its item says. The chain of changes is not followed,
 * so nothing depends on their order, on their number, or on what a field was called then.
 */
async function applyNewest(
  state: State,
  newest: ReadonlyMap<number, Newest>,
  { model, table, at }: { model: Model; table: Table; at: number },
): Promise<void> {
  const outdated = [...newest].flatMap(([id, { version, isDeleted }]) => {
    const isKnown = state.gone.has(id) || (state.rows.get(id)?.version ?? 0) >= version
    return isDeleted || isKnown ? [] : [id]
  })
  const read = await readRows(table, model, outdated)
  // From here on nothing is awaited: whoever looks at the rows meanwhile sees all of it or nothing.
  for (const [id, { isDeleted }] of newest) {
    if (!isDeleted || state.gone.has(id)) continue
    // Ids are never given again: this is the end of it.
    if (state.rows.delete(id)) touch(state, id)
    state.gone.set(id, at)
  }
  // A row that was not found is not marked as gone. Either its deletion is among the changes that the next refresh
  // reads; or its creation is being committed at this moment, and it may come yet.
  for (const row of read) {
    if ((state.rows.get(row.id)?.version ?? 0) >= row.version) continue
    state.rows.set(row.id, row)
    touch(state, row.id)
  }
}

function pictureOf(state: State): Snapshot {
  if (state.seenUntil === undefined) throw new Error('a picture of what was never looked at')
  return { rows: state.rows.values(), gone: [...state.gone.keys()], takenAt: new Date(state.seenUntil) }
}

function forgetGone(state: State, now: number): void {
  for (const [id, at] of state.gone) {
    if (at < now - 2 * overlapMs) state.gone.delete(id)
  }
}
