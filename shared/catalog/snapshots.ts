import { firstIdAt, sortableId } from '../ids.ts'
import type { Model } from '../model/define.ts'
import { changeShardCount, type Registry } from '../model/registry.ts'
import type { ObjectStore } from '../objects.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { createCatalog, type SnapshotSource } from './catalog.ts'
import { ChangeHead, headAttributes } from './delta.ts'
import { readHead, readSnapshot, writeSnapshot, type SnapshotHead } from './snapshot-format.ts'

/** Below this prefix a bucket holds one object per model, replaced as a whole. */
export const snapshotPrefix = 'catalog/'
export const snapshotKey = ({ name }: Model): string => `${snapshotPrefix}${name}`

/** A snapshot is written again at this age even if nothing was changed: the bucket removes what is 30 days old. */
const renewMs = 7 * 86_400_000
/** So many changes since the last snapshot are read at a cold start without being noticed. */
const changesMin = 100
/** Beyond it, this part of the rows. */
const changedShare = 0.01

/** Says what should be known, with details. */
type Notice = (message: string, details: Readonly<Record<string, unknown>>) => void

export type SnapshotStore = {
  objects: Pick<ObjectStore, 'get'>
  /** Name of the table that the snapshots are of. */
  table: string
  now: () => Date
  warn: Notice
}

/**
 * Snapshots as catalogs start from them. One that is missing, of another table, broken, from the future, or out of
 * reach is none, and says so: the catalog then reads all changes.
 */
export function snapshotSource({ objects, table, now, warn }: SnapshotStore): SnapshotSource {
  return async (model) => {
    const refuse = (problem: string): undefined => {
      warn('a snapshot is not used', { model: model.name, problem })
    }
    let bytes: Uint8Array | undefined
    try {
      bytes = await objects.get(snapshotKey(model))
    } catch (error) {
      return refuse(String(error))
    }
    if (bytes === undefined) return undefined
    const read = await readSnapshot(bytes, { table, model, now: now() })
    return 'problem' in read ? refuse(read.problem) : read
  }
}

export type BuilderParts = {
  table: Table
  tableName: string
  registry: Registry
  objects: Pick<ObjectStore, 'get' | 'put'>
  now: () => Date
  warn: Notice
}

type BuildOptions = { always?: boolean; rebuild?: boolean }

export type Built = { model: string; rows: number; bytes: number }

/**
 * Brings the snapshots up to date: each is the one before and the changes since, which is what a catalog is after its
 * first refresh. Several builders at a time do no harm: whichever object is left is a true picture of its time.
 * @param options.always even if little was changed.
 * @param options.rebuild from all changes, whatever stands there.
 * @returns what was written.
 * @throws Error when some could not be built, after all others were.
 */
export async function buildSnapshots(parts: BuilderParts, options: BuildOptions = {}): Promise<Built[]> {
  const built: Built[] = []
  const failed: unknown[] = []
  for (const model of parts.registry.all) {
    try {
      const one = await buildSnapshot(parts, model, options)
      if (one !== undefined) built.push(one)
    } catch (error) {
      parts.warn('a snapshot was not built', { model: model.name, problem: String(error) })
      failed.push(error)
    }
  }
  if (failed.length > 0) throw new Error(`${failed.length} snapshots were not built`, { cause: failed[0] })
  return built
}

async function buildSnapshot(
  parts: BuilderParts,
  model: Model,
  { rebuild = false, always = rebuild }: BuildOptions,
): Promise<Built | undefined> {
  const { table, tableName, objects, now, warn } = parts
  const expected = { table: tableName, model, now: now() }
  const bytes = await objects.get(snapshotKey(model))
  const head = bytes === undefined ? undefined : readHead(bytes, expected)
  const previous = head === undefined || 'problem' in head ? undefined : head
  if (!always && !(await isWorthWriting(parts, model, previous))) return undefined
  const stored = snapshotSource({ objects: { get: async () => bytes }, table: tableName, now, warn })
  const sources = { table, now, ...(rebuild ? {} : { snapshot: stored }) }
  const catalog = createCatalog(model, sources)
  await catalog.refresh()
  return replace(parts, catalog, previous)
}

async function replace(
  { tableName, objects }: BuilderParts,
  catalog: ReturnType<typeof createCatalog>,
  previous: SnapshotHead | undefined,
): Promise<Built> {
  const { model, rows } = catalog
  const body = await writeSnapshot({ table: tableName, model }, catalog.picture(), previous)
  await objects.put(snapshotKey(model), body, { contentType: 'application/octet-stream' })
  return { model: model.name, rows: rows.size, bytes: body.length }
}

/** By a look at the changes only: neither the snapshot's rows nor the table's are read. */
async function isWorthWriting(
  { table, now }: BuilderParts,
  model: Model,
  previous: SnapshotHead | undefined,
): Promise<boolean> {
  const takenAt = previous === undefined ? undefined : new Date(previous.takenAt)
  if (takenAt !== undefined && now().getTime() - takenAt.getTime() > renewMs) return true
  const wanted = Math.max(changesMin, Math.ceil((previous?.rows ?? 0) * changedShare))
  const from = takenAt === undefined ? {} : { from: sortableId(firstIdAt(takenAt)) }
  let changes = 0
  for (let shard = 0; shard < changeShardCount(model) && changes < wanted; shard++) {
    const range = {
      partition: keys.changes(model.name, shard),
      ...from,
      limit: wanted - changes,
      attributes: headAttributes,
    }
    for await (const _ of table.query(ChangeHead, range)) changes += 1
  }
  return changes >= wanted
}
