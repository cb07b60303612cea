import { mapAhead } from '../concurrency.ts'
import { AppError } from '../errors.ts'
import { transactionItemsMax } from '../table/dynamo-table.ts'
import { keys } from '../table/keys.ts'
import * as z from 'zod'
import type { Table, Write } from '../table/table.ts'
import { extendChains, type Chain } from './chains.ts'
import { readFresh, type FreshObjects } from './fresh-objects.ts'
import type { PackPlace } from './pack-store.ts'
import { readPacks, type Pack } from './repositories.ts'
import { deleteRetired } from './retired-packs.ts'
import { isSettled, loadChains, saveChains, windowsOf, type Window } from './settled-packs.ts'

// A commit writes what is new into packs of its own, and a history of years would be thousands of them. Settling takes
// the objects of old ones over into packs that are ordered by what they hold, so that versions of one file come
// together and become deltas. Objects are only ever copied: a pack is retired in the transaction that lists those which
// hold all of its objects, or after it. So a crash leaves some objects twice, and never one not at all.

export type SettleStores = Omit<PackPlace, 'repository'> & { table: Table }
/** `names`: of the settled packs written so far. */
type Work = PackPlace & { table: Table; turn: { version: number }; names: Set<string> }

export type Settled = {
  /** Packs whose objects are all in settled ones now. */
  retired: number
  /** Settled packs written. */
  written: number
  deleted: number
  /** Why it ended before all was done: somebody else settles too, or the time was over. */
  left?: 'to_another' | 'to_the_next'
}

/** The newest packs stay as they are: whoever fetches between two settlings gets them, and not large ones. */
const freshPacksKept = 8
/** Fewer are not worth the packs that are written for them. */
const freshPacksMin = 8
/** So many are settled however little they hold: a clone asks for each. */
const freshPacksMax = 64
/** Settled packs may be written again for what is a smaller part of them only when there are so many. */
const freshPartMin = 1 / 8
/** Bytes that are taken at once, in whole commits; memory holds as much and half as much again. */
const batchBytesMax = 128 * 1024 * 1024
/** One commit of more stays as it is: its packs are full, and no memory holds it. */
const commitBytesMax = 1024 * 1024 * 1024
const chainsAhead = 8

const Turn = z.object({ version: z.number() })

/**
 * Takes packs of old commits over into settled ones, and deletes what has been retired for a day. Safe to repeat, to
 * stop at any point, and to do twice at once: of two, one goes on.
 * @param deadlineMs of the clock: no further step is begun then.
 */
export async function settlePacks(
  stores: SettleStores & { repository: PackPlace['repository'] },
  deadlineMs = Infinity,
): Promise<Settled> {
  const { table, repository } = stores
  const done: Settled = { retired: 0, written: 0, deleted: 0 }
  // Read before the packs: what is decided on them holds as long as nobody else has taken a turn.
  const turn = (await table.get(Turn, keys.gitSettling(repository))) ?? { version: 0 }
  const work: Work = { ...stores, turn: { ...turn }, names: new Set() }
  try {
    for (;;) {
      const packs = await readPacks(table, repository)
      const batch = dueBatch(packs)
      if (batch.length === 0) break
      await settleBatch(work, { packs, batch, deadlineMs }, done)
      if (done.left !== undefined) break
    }
  } catch (error) {
    if (!(error instanceof AppError) || !['version_conflict', 'write_conflict'].includes(error.code))
      throw error
    done.left = 'to_another'
  }
  done.deleted = await deleteRetired(stores)
  return done
}

/** Packs of the oldest commits, to be settled now; none where it is not worth while. */
export function dueBatch(packs: readonly Pack[]): Pack[] {
  const fresh = packs.filter((pack) => !isSettled(pack) && pack.retiredAt === undefined)
  const commits = [...Map.groupBy(fresh, ({ commit }) => commit).values()]
  commits.sort((a, b) => (b[0]?.createdAt ?? '').localeCompare(a[0]?.createdAt ?? ''))
  let kept = 0
  const old = commits.filter((packs, place) => {
    kept += packs.length
    return place > 0 && kept > freshPacksKept
  })
  const due = old.filter((packs) => bytesOfPacks(packs) <= commitBytesMax).reverse()
  const count = due.flat().length
  const settled = packs.filter((pack) => isSettled(pack) && pack.retiredAt === undefined)
  const isSmall = bytesOfPacks(due.flat()) < freshPartMin * bytesOfPacks(settled)
  if (count < freshPacksMin || (isSmall && count < freshPacksMax)) return []
  let bytes = 0
  return due
    .filter((packs, place) => {
      bytes += bytesOfPacks(packs)
      return place === 0 || bytes <= batchBytesMax
    })
    .flat()
}

const bytesOfPacks = (packs: readonly Pack[]): number => packs.reduce((sum, { bytes }) => sum + bytes, 0)

async function settleBatch(
  work: Work,
  { packs, batch, deadlineMs }: { packs: readonly Pack[]; batch: readonly Pack[]; deadlineMs: number },
  done: Settled,
): Promise<void> {
  const live = packs.filter(isSettled).filter(({ retiredAt }) => retiredAt === undefined)
  const fresh = await readFresh(work, batch)
  const commit = batch.at(-1)?.commit ?? ''
  for (const window of windowsOf(live, fresh.byKey.keys())) {
    if (work.now().getTime() > deadlineMs) {
      done.left = 'to_the_next'
      return
    }
    done.written += await settleWindow(work, window, { fresh, commit })
  }
  // All of their objects are in settled packs now, whatever became of these since.
  // One of exactly the same content as a settled one is that one since it was listed.
  const writes = fresh.packs.filter(({ pack }) => !work.names.has(pack)).map((pack) => retirement(work, pack))
  while (writes.length > 0) await takeTurn(work, writes.splice(0, transactionItemsMax - 1))
  done.retired += fresh.packs.length
}

/** Writes a settled pack again with what is new of its part. @returns how many packs it is now; 0 where nothing is new. */
async function settleWindow(
  work: Work,
  { start, pack, keys: newKeys }: Window,
  { fresh, commit }: { fresh: FreshObjects; commit: string },
): Promise<number> {
  const chains = pack === undefined ? [] : await loadChains(work, pack)
  const known = new Set(chains.flatMap(({ objects }) => objects.map(({ oid }) => oid)))
  const isNew = ({ oid }: { oid: string }): boolean => !known.has(oid)
  const versionsOf = (key: string) => fresh.byKey.get(key)?.filter(isNew) ?? []
  if (!newKeys.some((key) => versionsOf(key).length > 0)) return 0
  const byKey = Map.groupBy(chains, ({ key }) => key)
  const all = [...new Set([...byKey.keys(), ...newKeys])].sort()
  const grown: Chain[] = []
  const extended = mapAhead(all, chainsAhead, (key) =>
    extendChains(key, byKey.get(key) ?? [], versionsOf(key)),
  )
  for await (const chains of extended) grown.push(...chains)
  const made = await saveChains(work, start, grown)
  for (const { saved } of made) work.names.add(saved.pack)
  const createdAt = work.now().toISOString()
  const writes: Write[] = made.map(({ saved, settled }) => ({
    put: { ...keys.gitPack(work.repository, saved.pack), version: 1, ...saved, commit, createdAt, settled },
    unconditionally: true,
  }))
  // The old pack goes with the last of the new ones. More than one transaction only a first commit of 300 MB needs.
  if (pack !== undefined) writes.push(retirement(work, pack))
  while (writes.length > 0) await takeTurn(work, writes.splice(0, transactionItemsMax - 1))
  return made.length
}

function retirement({ repository, now }: Work, pack: Pack): Write {
  const put = {
    ...keys.gitPack(repository, pack.pack),
    ...pack,
    version: pack.version + 1,
    retiredAt: now().toISOString(),
  }
  return { put, ifVersion: pack.version, otherwise: 'version_conflict' }
}

/** @throws AppError `version_conflict` where somebody else has taken a turn since this one read the packs. */
async function takeTurn({ table, repository, turn }: Work, writes: readonly Write[]): Promise<void> {
  const { version } = turn
  const put = { ...keys.gitSettling(repository), version: version + 1 }
  const next: Write =
    version === 0
      ? { put, ifAbsent: 'version_conflict' }
      : { put, ifVersion: version, otherwise: 'version_conflict' }
  await table.write([...writes, next])
  turn.version += 1
}
