import { atMost } from '../concurrency.ts'
import { AppError } from '../errors.ts'
import type { ObjectStore } from '../objects.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import {
  objectKeys,
  packOfKey,
  readPacks,
  type Pack,
  type PackCopy,
  type RepositoryName,
} from './repositories.ts'

const dayMs = 24 * 3600_000
/** A clone that has read the list before goes on finding its packs for so long. */
const servedMs = dayMs
/** No writer takes as long from its objects to their listing, not even on a laptop that slept in between. */
const unlistedMs = 7 * dayMs
const writesAhead = 16

type Stores = { table: Table; objects: ObjectStore; repository: RepositoryName; now: () => Date }

/**
 * Deletes packs that were retired a day ago, and objects of packs that were never listed: what committers that lost a
 * race or crashed have left. @returns how many packs.
 */
export async function deleteRetired(stores: Stores): Promise<number> {
  const { table, objects, repository, now } = stores
  const nowMs = now().getTime()
  // Found before the table is read, which may list them until then.
  const old = await writtenBefore(stores, nowMs - unlistedMs)
  const packs = await readPacks(table, repository)
  const due = packs.filter(
    ({ retiredAt }) => retiredAt !== undefined && Date.parse(retiredAt) <= nowMs - servedMs,
  )
  for (const pack of packs) old.delete(nameOf(pack))
  await objects.delete([...due.flatMap((pack) => keysOf(repository, pack)), ...[...old.values()].flat()])
  // The items go last: until then the next time knows what is left to be deleted.
  const inTurn = atMost(writesAhead)
  await Promise.all(due.map((pack) => inTurn(() => forget(table, repository, pack))))
  return due.length
}

const nameOf = ({ pack, copy }: PackCopy): string => `${pack}-${copy}`

const keysOf = (repository: RepositoryName, pack: Pack): string[] => [
  objectKeys.pack(repository, pack),
  objectKeys.packIndex(repository, pack),
  ...(pack.settled ? [objectKeys.packContents(repository, pack)] : []),
]

/** The keys of each pack. */
async function writtenBefore({ objects, repository }: Stores, ms: number): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for await (const { key } of objects.list(objectKeys.packs(repository))) {
    const pack = packOfKey(key)
    if (pack === undefined || pack.writtenMs > ms) continue
    found.set(nameOf(pack), [...(found.get(nameOf(pack)) ?? []), key])
  }
  return found
}

async function forget(table: Table, repository: RepositoryName, pack: Pack): Promise<void> {
  const remove = keys.gitPack(repository, pack.pack)
  try {
    await table.write([{ remove, ifVersion: pack.version, otherwise: 'version_conflict' }])
  } catch (error) {
    // A pack of the same content was written since: that one stays.
    if (!(error instanceof AppError) || error.code !== 'version_conflict') throw error
  }
}
