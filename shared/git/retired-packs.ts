import { atMost } from '../concurrency.ts'
import { AppError } from '../errors.ts'
import type { ObjectStore } from '../objects.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { objectKeys, packOfKey, readPacks, type Pack, type RepositoryName } from './repositories.ts'

/** A clone that has read the list before goes on finding its packs for so long. */
const servedMs = 24 * 3600_000
const writesAhead = 16

type Stores = { table: Table; objects: ObjectStore; repository: RepositoryName; now: () => Date }

/**
 * Deletes packs that were retired a day ago, and objects of packs that were never listed: what committers that lost a
 * race or crashed have left. @returns how many packs.
 */
export async function deleteRetired(stores: Stores): Promise<number> {
  const { table, objects, repository, now } = stores
  const before = now().getTime() - servedMs
  const inTurn = atMost(writesAhead)
  // Listed before the table is read: no writer takes a day from its objects to its listing.
  const old = new Map<string, string[]>()
  for await (const { key } of objects.list(objectKeys.packs(repository))) {
    const pack = packOfKey(key)
    if (pack === undefined || pack.writtenMs > before) continue
    old.set(nameOf(pack), [...(old.get(nameOf(pack)) ?? []), key])
  }
  const packs = await readPacks(table, repository)
  const due = packs.filter(({ retiredAt }) => retiredAt !== undefined && Date.parse(retiredAt) <= before)
  const dueNames = new Set(due.map(nameOf))
  for (const pack of packs) if (!dueNames.has(nameOf(pack))) old.delete(nameOf(pack))
  await objects.delete([...old.values()].flat())
  // The items go last: until then the next time knows what is left to be deleted.
  await Promise.all(due.map((pack) => inTurn(() => forget(table, repository, pack))))
  return due.length
}

const nameOf = ({ pack, copy }: { pack: string; copy: string }): string => `${pack}-${copy}`

async function forget(table: Table, repository: RepositoryName, pack: Pack): Promise<void> {
  const remove = keys.gitPack(repository, pack.pack)
  try {
    await table.write([{ remove, ifVersion: pack.version, otherwise: 'version_conflict' }])
  } catch (error) {
    // A pack of the same content was written since: that one stays.
    if (!(error instanceof AppError) || error.code !== 'version_conflict') throw error
  }
}
