import { firstIdAt, sortableId } from '../ids.ts'
import { Change } from '../model/change.ts'
import type { Model, Row } from '../model/define.ts'
import { changeShardCount } from '../model/registry.ts'
import { publicRow, storedSchema } from '../model/rows.ts'
import { attemptsMsMax } from '../table/retry.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'

/**
 * How far back each refresh looks again. A change carries the time at which its write began, and may become visible
 * as late as the write may last: the attempts, one request's time limit, and a little for clocks that differ.
 */
export const overlapMs = attemptsMsMax + 12_000

/** Where rows come from at a cold start, so that only the changes since `takenAt` are read. */
export type SnapshotSource = (model: Model) => Promise<{ rows: readonly Row[]; takenAt: Date } | undefined>

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

export type Catalogs = { of(model: Model): Catalog }

export type CatalogSources = { table: Table; now: () => Date; snapshot?: SnapshotSource }

/** One catalog per model, made when it is first asked for. */
export function createCatalogs(sources: CatalogSources): Catalogs {
  const known = new Map<string, Catalog>()
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
  /** Objects that are gone, so that a late look at an old change does not bring them back. */
  gone: Map<number, { version: number; at: number }>
  generation: number
  /** The rows that were changed by the last generations, one each, up to the present one. */
  touched: number[]
  /** Begin of the last refresh, in milliseconds; undefined before the first. */
  seenUntil: number | undefined
}

function createCatalog(model: Model, sources: CatalogSources): Catalog {
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
  const { rows } = state
  const generation = (): number => state.generation
  return { model, refresh, rows, generation, changedSince: (since) => changedSince(state, since) }
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
  const from =
    state.seenUntil === undefined ? undefined : sortableId(firstIdAt(new Date(state.seenUntil - overlapMs)))
  const shards = Array.from({ length: changeShardCount(model) }, (_, shard) => shard)
  const read = await Promise.all(shards.map((shard) => readChanges(sources.table, { model, shard, from })))
  const gaps = applyChanges(state, read.flat())
  if (gaps.length > 0) await readRows(state, model, { table: sources.table, ids: gaps, at: startedAt })
  state.seenUntil = startedAt
  forgetGone(state, startedAt)
}

async function loadSnapshot(state: State, model: Model, { snapshot }: CatalogSources): Promise<void> {
  const loaded = await snapshot?.(model)
  if (loaded === undefined) return
  for (const row of loaded.rows) state.rows.set(row.id, row)
  state.generation += 1
  state.touched = []
  state.seenUntil = loaded.takenAt.getTime()
}

async function readChanges(
  table: Table,
  { model, shard, from }: { model: Model; shard: number; from: string | undefined },
): Promise<Change[]> {
  const changes: Change[] = []
  const range = { partition: keys.changes(model.name, shard), ...(from === undefined ? {} : { from }) }
  for await (const change of table.query(Change, range)) changes.push(change)
  return changes
}

/** Applies what is new. @returns the ids of rows whose chain of versions has a gap: they must be read. */
function applyChanges(state: State, changes: Change[]): number[] {
  const gaps = new Set<number>()
  // Writers' clocks differ: the version decides, not the time.
  for (const change of changes.sort((a, b) => a.version - b.version)) {
    const { objectId: id, version } = change
    const row = state.rows.get(id)
    const known = row?.version ?? state.gone.get(id)?.version ?? 0
    if (version <= known || gaps.has(id)) continue
    if (change.action !== 'create' && change.action !== 'delete' && version !== known + 1) {
      gaps.add(id)
      continue
    }
    applyChange(state, change, row)
  }
  return [...gaps]
}

function applyChange(state: State, change: Change, row: Row | undefined): void {
  const { objectId: id, version, at } = change
  touch(state, id)
  if (change.action === 'delete') {
    state.rows.delete(id)
    state.gone.set(id, { version, at: Date.parse(at) })
    return
  }
  const { after } = change
  state.rows.set(id, { ...row, ...after, id, version, last_updated: at, created: row?.created ?? at })
}

async function readRows(
  state: State,
  model: Model,
  { table, ids, at }: { table: Table; ids: number[]; at: number },
): Promise<void> {
  const found = await table.getMany(
    storedSchema(model),
    ids.map((id) => keys.entity(model.name, id)),
  )
  for (const [index, id] of ids.entries()) {
    const stored = found[index]
    touch(state, id)
    if (stored !== undefined) {
      state.rows.set(id, publicRow(model, stored))
      continue
    }
    state.rows.delete(id)
    state.gone.set(id, { version: Infinity, at })
  }
}

function forgetGone(state: State, now: number): void {
  for (const [id, { at }] of state.gone) {
    if (at < now - 2 * overlapMs) state.gone.delete(id)
  }
}
