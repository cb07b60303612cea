import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../errors.ts'
import type { ObjectStore } from '../objects.ts'
import { transactionItemsMax } from '../table/dynamo-table.ts'
import { keys } from '../table/keys.ts'
import type { Table, Write } from '../table/table.ts'
import { mapAhead } from '../concurrency.ts'
import { encodeCommit, objectId, type Person } from './object-format.ts'
import { fitsPack, packObject, type PackedObject } from './pack-format.ts'
import { fillPacks, savePack, type Packing, type SavedPack } from './pack-store.ts'
import { readBranch, readPack, type Branch, type RepositoryName } from './repositories.ts'
import { applyEdits, editFolders, treeStore, type Edit, type NewTree, type TreeStore } from './trees.ts'

export type Change = { path: string; content: Uint8Array | string } | { path: string; remove: true }

export type CommitRequest = {
  repository: RepositoryName
  branch: string
  /** In any order; of several for one path the last counts. A stream is read once, a few files at a time. */
  changes: Iterable<Change> | AsyncIterable<Change>
  /**
   * Paths whose change is to be dropped after all, such as those that another committer has newer. Asked after each
   * reading of the branch: whatever is committed later makes this attempt lose, and the next one asks again.
   */
  withdrawn?: () => Promise<readonly string[]>
  /** Written in the transaction that moves the branch: whoever asks for the commit later finds its id, answer or not. */
  noteCommit?: (commit: string) => Write
  author: Person
  /** The author, where nobody else is named. */
  committer?: Person
  message: string
  /** The commit's own time, ISO 8601. */
  at: string
}

export type Committed = {
  /** Absent where the branch already has all of it: then there is nothing to commit. */
  commit?: string
  /** The head before; absent for a branch's first commit. */
  parent?: string
  /** Files that the commit adds, changes or removes. */
  files: number
  /** Paths left as they were, since their content does not fit a pack even compressed (4 MiB). */
  tooLarge: string[]
}

type Stores = { table: Table; objects: ObjectStore; now: () => Date }
type Work = Stores & CommitRequest & { trees: TreeStore }
type Blobs = Packing & { edits: Map<string, Edit>; tooLarge: string[] }
type Built = { commit: string; tree: string; files: number; packs: SavedPack[] }

/** Each loser of a race builds again on the winner's commit. */
const attemptsMax = 40
const pauseMsMax = 100
const filesAhead = 8

/**
 * Commits files to a branch, without a working copy. Packs go to object storage first; one transaction then lists them
 * and moves the branch, if nobody else did. So a crash leaves at most objects that nothing refers to.
 * Memory holds one pack (4 MiB), eight files, and the trees of the folders touched.
 * @throws AppError `branch_moved` when other writers win every time; `validation_failed` for a path git cannot hold.
 */
export async function commitFiles(stores: Stores, request: CommitRequest): Promise<Committed> {
  const work = { ...stores, ...request, trees: treeStore(stores.objects, request.repository) }
  const { table, repository, branch } = work
  let head = await readBranch(table, repository, branch)
  const blobs = await packBlobs(work, head)
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const parent = head === undefined ? {} : { parent: head.commit }
    const built = await buildCommit(work, head, blobs)
    if (built === undefined) return { ...parent, files: 0, tooLarge: blobs.tooLarge }
    if (await moveBranch(work, head, built)) {
      return { commit: built.commit, ...parent, files: built.files, tooLarge: blobs.tooLarge }
    }
    await sleep(Math.random() * Math.min(pauseMsMax, 10 * attempt))
    head = await readBranch(table, repository, branch)
  }
  throw new AppError('branch_moved', `The branch ${branch} moved at each of ${attemptsMax} attempts`)
}

/**
 * Packs what the branch does not have at its path. A blob that some earlier commit has is packed again:
 * rare, harmless.
 */
async function packBlobs(work: Work, head: Branch | undefined): Promise<Blobs> {
  const edits = new Map<string, Edit>()
  const tooLarge = new Set<string>()
  const known = new Set<string>()
  const prepared = mapAhead(work.changes, filesAhead, (change) => prepareChange(work.trees, head, change))
  async function* packed(): AsyncIterable<PackedObject> {
    for await (const { path, edit, object } of prepared) {
      if (object !== undefined && !fitsPack(object.bytes.length, 1)) {
        tooLarge.add(path)
        edits.delete(path)
        continue
      }
      edits.set(path, edit)
      tooLarge.delete(path)
      // Two devices with one configuration share the blob, and a pack must not hold an object twice.
      if (object === undefined || known.has(object.oid)) continue
      known.add(object.oid)
      yield object
    }
  }
  const packing = await fillPacks(work, packed())
  return { ...packing, edits, tooLarge: [...tooLarge] }
}

async function prepareChange(
  trees: TreeStore,
  head: Branch | undefined,
  change: Change,
): Promise<{ path: string; edit: Edit; object?: PackedObject }> {
  const { path } = change
  const before = await trees.blobAt(head?.tree, path)
  if ('remove' in change) return { path, edit: { remove: true } }
  const content = typeof change.content === 'string' ? Buffer.from(change.content, 'utf8') : change.content
  const blob = objectId('blob', content)
  if (blob === before) return { path, edit: { blob } }
  return { path, edit: { blob }, object: await packObject('blob', content, blob) }
}

/** Everything of the commit, saved; undefined where the tree stays what it is. */
async function buildCommit(work: Work, head: Branch | undefined, blobs: Blobs): Promise<Built | undefined> {
  const newTrees = new Map<string, NewTree>()
  const edits = new Map(blobs.edits)
  for (const path of (await work.withdrawn?.()) ?? []) edits.delete(path)
  const edited = await applyEdits(work.trees, head?.tree, editFolders(edits), newTrees)
  if (edited.files === 0) return undefined
  const tree = edited.oid ?? emptyTree(newTrees)
  const content = encodeCommit({ ...work, tree, parent: head?.commit })
  const commit = await packObject('commit', content)
  const [{ saved, open }] = await Promise.all([
    fillPacks(work, restOfCommit(blobs.open, newTrees, commit)),
    work.trees.write([...newTrees.values()]),
  ])
  const last = await savePack(work, open)
  return { commit: commit.oid, tree, files: edited.files, packs: [...blobs.saved, ...saved, last] }
}

/** A branch whose last file is removed still needs a tree. */
function emptyTree(newTrees: Map<string, NewTree>): string {
  const content = Buffer.alloc(0)
  const oid = objectId('tree', content)
  newTrees.set(oid, { oid, content })
  return oid
}

async function* restOfCommit(
  open: readonly PackedObject[],
  trees: ReadonlyMap<string, NewTree>,
  commit: PackedObject,
): AsyncIterable<PackedObject> {
  yield* open
  for (const { oid, content } of trees.values()) {
    const object = await packObject('tree', content, oid)
    if (!fitsPack(object.bytes.length, 1)) {
      throw new AppError(
        'too_large',
        'A folder of the repository has more files than a pack can list: use subfolders',
      )
    }
    yield object
  }
  yield commit
}

/** True when the branch now stands on the commit. */
async function moveBranch(work: Work, head: Branch | undefined, built: Built): Promise<boolean> {
  const { table, repository } = work
  const listed = built.packs.map((pack) => listing(work, pack, built.commit))
  const moves = [branchMove(work, head, built), ...(work.noteCommit ? [work.noteCommit(built.commit)] : [])]
  // More packs than a transaction holds (some 400 MB compressed) are listed ahead: a pack of unused objects
  // does no harm.
  while (listed.length + moves.length > transactionItemsMax)
    await table.write(listed.splice(0, transactionItemsMax - moves.length))
  try {
    await table.write([...listed, ...moves])
    return true
  } catch (error) {
    if (!(error instanceof AppError) || !['branch_moved', 'write_conflict'].includes(error.code)) throw error
    // The write may have been applied and reported as failed; the pack that holds the commit is listed only
    // with the move.
    const last = built.packs.at(-1)
    const landed = last && (await readPack(table, repository, last.pack))
    return landed?.commit === built.commit
  }
}

function listing({ repository, now }: Work, pack: SavedPack, commit: string): Write {
  const createdAt = now().toISOString()
  return {
    put: { ...keys.gitPack(repository, pack.pack), version: 1, ...pack, commit, createdAt },
    unconditionally: true,
  }
}

function branchMove({ repository, branch, now }: Work, head: Branch | undefined, built: Built): Write {
  const { commit, tree } = built
  const move = { branch, commit, tree, movedAt: now().toISOString() }
  const key = keys.gitBranch(repository, branch)
  return head === undefined
    ? { put: { ...key, version: 1, ...move }, ifAbsent: 'branch_moved' }
    : {
        put: { ...key, version: head.version + 1, ...move },
        ifVersion: head.version,
        otherwise: 'branch_moved',
      }
}
