import { commitFiles, type Change, type Committed } from '../../git/commit.ts'
import { mapAhead } from '../../concurrency.ts'
import { AppError } from '../../errors.ts'
import type { ObjectStore } from '../../objects.ts'
import { configRepository, repositories } from '../../git/repositories.ts'
import { keys } from '../../table/keys.ts'
import type { Table, Write } from '../../table/table.ts'
import type { RunCounts } from '../runs/run-status.ts'
import { partsOf, type Claim, type CommitPart } from './commit-parts.ts'
import { GitEntry, Uncommitted } from '../records.ts'

const netkeep = { name: 'netkeep', email: 'netkeep@localhost' }

export type CommitStores = { table: Table; archive: ObjectStore; now: () => Date }

export type CommittedRun = {
  id: number
  requestedBy: string
  counts: RunCounts
  /** Where it has not come to its end. */
  cut?: 'interrupted' | 'paused'
}

/** A device being committed by another run at this moment is read again, so often. */
const claimAttemptsMax = 10
/** Two writes each: well below the 100 of a transaction. */
const itemsPerTransaction = 40
/** Texts fetched at a time: one after the other, 50,000 would take longer than a Lambda may. Each is 16 MiB at most. */
const textsAhead = 16

/**
 * Commits everything a run stored that no commit holds yet: one commit per author, netkeep's own first, for git knows
 * one author a commit and `git log --author` is to find what somebody changed. None when there is nothing.
 * Safe to repeat at any point: what the branch already holds changes no tree, and makes no commit.
 * @throws AppError `branch_moved` when other committers win too often.
 */
export async function commitRun(
  stores: CommitStores,
  run: CommittedRun,
): Promise<{ commit: string | undefined; files: number; tooLarge: string[] }> {
  const pending: Uncommitted[] = []
  for await (const item of stores.table.query(Uncommitted, { partition: keys.uncommittedOf(run.id) })) {
    pending.push(item)
  }
  const done: { commit: string | undefined; files: number; tooLarge: string[] } = {
    commit: undefined,
    files: 0,
    tooLarge: [],
  }
  for (const part of partsOf(await claimAll(stores.table, pending))) {
    const made = await commitPart(stores, run, part)
    done.commit = made.commit ?? done.commit
    done.files += made.files
    done.tooLarge.push(...made.tooLarge)
    // Before the next part: it may put a file where this one has removed one.
    await settle(
      stores.table,
      part.claims.map(({ item }) => item),
    )
  }
  return done
}

async function commitPart(stores: CommitStores, run: CommittedRun, part: CommitPart): Promise<Committed> {
  const { table, archive, now } = stores
  const items = part.claims.map(({ item }) => item)
  return commitFiles(
    { table, objects: archive, now },
    {
      repository: configRepository,
      branch: repositories[configRepository].defaultBranch,
      changes: dueChanges(stores, part.claims),
      withdrawn: () => overtakenPaths(table, items),
      noteCommit: (commit) => ({
        put: { ...keys.runCommit(run.id), runId: run.id, commit },
        unconditionally: true,
      }),
      author: part.author ?? netkeep,
      committer: netkeep,
      message: messageOf(run, items.length),
      at: now().toISOString(),
    },
  )
}

/** Paths of which another run committed a newer version while this commit was being built: history does not go back. */
async function overtakenPaths(table: Table, pending: readonly Uncommitted[]): Promise<string[]> {
  const entries = await table.getMany(
    GitEntry,
    pending.map(({ deviceId }) => keys.gitEntry(deviceId)),
  )
  return pending.flatMap((item, index) => {
    const entry = entries[index]
    return entry !== undefined && entry.sequence > item.sequence ? [item.path] : []
  })
}

/** Removals come first: a new device may take the path that another one leaves. */
async function* dueChanges(stores: CommitStores, claims: readonly Claim[]): AsyncIterable<Change> {
  const due = claims.flatMap(({ item, entry }) => (entry.sequence > item.sequence ? [] : [{ item, entry }]))
  for (const { entry } of due) {
    if (entry.formerPath !== undefined) yield { path: entry.formerPath, remove: true }
  }
  yield* mapAhead(due, textsAhead, async ({ item, entry }) => {
    const content = await stores.archive.get(item.textKey)
    if (content === undefined) {
      throw new AppError('internal', `the archive lacks ${item.textKey} of ${entry.path}`)
    }
    return { path: entry.path, content }
  })
}

async function claimAll(table: Table, pending: readonly Uncommitted[]): Promise<Claim[]> {
  const claims: Claim[] = []
  for (const items of chunksOf(pending)) {
    for (const [index, entry] of (await claim(table, items)).entries()) {
      const item = items[index]
      if (item !== undefined) claims.push({ item, entry })
    }
  }
  return claims
}

/** Notes for each device that this version is on its way into the branch, unless a newer one is. */
async function claim(table: Table, items: readonly Uncommitted[]): Promise<GitEntry[]> {
  for (let attempt = 1; ; attempt += 1) {
    const entries = await table.getMany(
      GitEntry,
      items.map(({ deviceId }) => keys.gitEntry(deviceId)),
    )
    const claimed = items.map((item, index) => claimedEntry(item, entries[index]))
    const writes = claimed.flatMap((entry, index) => claimWrite(entry, entries[index]))
    try {
      if (writes.length > 0) await table.write(writes)
      return claimed
    } catch (error) {
      const isRace = error instanceof AppError && error.code === 'version_conflict'
      if (!isRace || attempt === claimAttemptsMax) throw error
    }
  }
}

function claimedEntry(item: Uncommitted, entry: GitEntry | undefined): GitEntry {
  const { deviceId, sequence, path } = item
  if (entry === undefined) return { deviceId, version: 1, sequence, path }
  const isOlder = entry.sequence > sequence
  if (isOlder || (entry.sequence === sequence && entry.path === path)) return entry
  const formerPath = entry.path === path ? entry.formerPath : entry.path
  return {
    deviceId,
    version: entry.version + 1,
    sequence,
    path,
    ...(formerPath === undefined ? {} : { formerPath }),
  }
}

function claimWrite(next: GitEntry, entry: GitEntry | undefined): Write[] {
  if (next === entry) return []
  const put = { ...keys.gitEntry(next.deviceId), ...next }
  if (entry === undefined) return [{ put, ifAbsent: 'version_conflict' }]
  return [{ put, ifVersion: entry.version, otherwise: 'version_conflict' }]
}

/** The branch holds them: off the list. A former path is forgotten, for another device may stand there next. */
async function settle(table: Table, pending: readonly Uncommitted[]): Promise<void> {
  for (const items of chunksOf(pending)) {
    await table.write(
      items.map((item) => ({ remove: keys.uncommitted(item.runId, item.deviceId), unconditionally: true })),
    )
    const entries = await table.getMany(
      GitEntry,
      items.map(({ deviceId }) => keys.gitEntry(deviceId)),
    )
    for (const entry of entries) if (entry?.formerPath !== undefined) await forgetFormerPath(table, entry)
  }
}

async function forgetFormerPath(table: Table, entry: GitEntry): Promise<void> {
  const { deviceId, version, sequence, path } = entry
  const put = { ...keys.gitEntry(deviceId), deviceId, version: version + 1, sequence, path }
  try {
    await table.write([{ put, ifVersion: version, otherwise: 'version_conflict' }])
  } catch (error) {
    // A newer commit of the device has taken it over, and with it the former path.
    if (!(error instanceof AppError) || error.code !== 'version_conflict') throw error
  }
}

function* chunksOf(pending: readonly Uncommitted[]): Iterable<readonly Uncommitted[]> {
  for (let start = 0; start < pending.length; start += itemsPerTransaction) {
    yield pending.slice(start, start + itemsPerTransaction)
  }
}

function messageOf(run: CommittedRun, files: number): string {
  const { changed, unchanged, failed, skipped } = run.counts
  return [
    `Back up ${files} changed ${files === 1 ? 'configuration' : 'configurations'}`,
    '',
    `${changed} changed, ${unchanged} unchanged, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`,
    '',
    `Run: ${run.id}${run.cut === undefined ? '' : ` (${run.cut})`}`,
    `Requested-by: ${run.requestedBy}`,
    '',
  ].join('\n')
}
