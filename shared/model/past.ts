import { overlapMs, type Catalog, type Catalogs } from '../catalog/catalog.ts'
import { AppError } from '../errors.ts'
import { firstIdAt, idEpoch, sortableId } from '../ids.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { Change } from './change.ts'
import type { Model, Row } from './define.ts'
import { parseTime } from './filter-values.ts'
import { changeShardCount } from './registry.ts'

/** Changes of one model that one question about the past takes back. */
const changesMax = 50_000
/** States of the past that are kept, so that the pages of a list are computed from one. */
const statesMax = 2

type Sources = { table: Table; catalogs: Catalogs; now: () => Date }

/**
 * Reads `at=2026-11-30T08:00:00Z`.
 * @throws AppError `validation_failed` for a time that is none, has not come, or is before anything was recorded.
 */
export function readAt(texts: readonly string[], now: Date): Date | undefined {
  const [text] = texts
  if (text === undefined) return undefined
  const parsed = parseTime(text)
  const at = 'value' in parsed ? new Date(parsed.value as string) : undefined
  const message =
    texts.length > 1
      ? 'One time is expected.'
      : at === undefined
        ? `A time is expected: ${'problem' in parsed ? parsed.problem : text}.`
        : at > now
          ? `This time has not come: it is ${now.toISOString()}.`
          : at < idEpoch
            ? `Nothing was recorded before ${idEpoch.toISOString()}.`
            : undefined
  if (message !== undefined)
    throw new AppError('validation_failed', message, { issues: [{ path: 'at', message }] })
  return at
}

const kept = new WeakMap<Catalogs, Map<number, Catalogs>>()

/**
 * The catalogs as they were at a time: the present rows with the changes since taken back, newest first. Costs what
 * has been changed since then, and is kept for the next page.
 */
export function pastCatalogs(sources: Sources, at: Date): Catalogs {
  const states = kept.get(sources.catalogs) ?? new Map<number, Catalogs>()
  kept.set(sources.catalogs, states)
  const known = states.get(at.getTime())
  if (known !== undefined) return known
  const catalogs = createPast(sources, at)
  // A write that began just now may still become visible.
  if (at.getTime() > sources.now().getTime() - overlapMs) return catalogs
  states.set(at.getTime(), catalogs)
  const [oldest] = states.keys()
  if (states.size > statesMax && oldest !== undefined) states.delete(oldest)
  return catalogs
}

function createPast(sources: Sources, at: Date): Catalogs {
  const made = new Map<string, Catalog>()
  return {
    of(model) {
      const known = made.get(model.name) ?? pastCatalog(model, sources, at)
      made.set(model.name, known)
      return known
    },
  }
}

function pastCatalog(model: Model, sources: Sources, at: Date): Catalog {
  const rows = new Map<number, Row>()
  let loading: Promise<void> | undefined
  let generation = 0
  const load = async (): Promise<void> => {
    const present = sources.catalogs.of(model)
    await present.refresh()
    const before = new Map(present.rows)
    const changes = await changesSince(sources.table, model, at)
    for (const [id, row] of takenBack(before, changes)) {
      if (row === undefined) before.delete(id)
      else before.set(id, row)
    }
    for (const [id, row] of before) rows.set(id, row)
    generation = 1
  }
  const refresh = (): Promise<void> => {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined
      throw cause
    })
    return loading
  }
  return { model, refresh, rows, generation: () => generation, changedSince: () => undefined }
}

async function changesSince(table: Table, model: Model, at: Date): Promise<Change[]> {
  // A change's key is drawn after its time is: it never sorts before it, but for clocks that differ.
  const from = sortableId(firstIdAt(new Date(at.getTime() - overlapMs)))
  const shards = Array.from({ length: changeShardCount(model) }, (_, shard) => shard)
  const since = at.toISOString()
  let count = 0
  const read = await Promise.all(
    shards.map(async (shard) => {
      const changes: Change[] = []
      const partition = keys.changes(model.name, shard)
      for await (const change of table.query(Change, { partition, from })) {
        if (change.at <= since) continue
        count += 1
        if (count > changesMax) throw tooFar(model)
        changes.push(change)
      }
      return changes
    }),
  )
  return read.flat()
}

const tooFar = (model: Model): AppError => {
  const message = `There were more than ${changesMax} changes of ${model.labelPlural.toLowerCase()} since: choose a later time.`
  return new AppError('validation_failed', message, { issues: [{ path: 'at', message }] })
}

/** What each changed object was before the given changes; undefined where it was not there. */
function takenBack(
  present: ReadonlyMap<number, Row>,
  changes: readonly Change[],
): Map<number, Row | undefined> {
  const was = new Map<number, Row | undefined>()
  for (const change of [...changes].sort((a, b) => b.version - a.version)) {
    const { objectId: id, action, before, version } = change
    if (action === 'create') {
      was.set(id, undefined)
      continue
    }
    const after = was.get(id) ?? present.get(id)
    const row = { ...after, ...before } as Row
    const last_updated = change.previousAt ?? row.created
    was.set(id, { ...row, id, version: version - 1, last_updated })
  }
  return was
}
