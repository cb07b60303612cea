import { mapAhead } from '../concurrency.ts'
import { folderMode, parseTree, type Tree } from './object-format.ts'
import type { PackedObject } from './pack-format.ts'
import { unpackContent } from './pack-parse.ts'
import { loadPack, type PackPlace } from './pack-store.ts'
import type { Pack } from './repositories.ts'
import { lastStartOfCommits } from './settled-packs.ts'

// What an object is, as a settled pack is ordered by it. Names are those a tree holds: a character a byte.

const commitKey = lastStartOfCommits
const treeKey = (path: string): string => `t${path}`
const blobKey = (path: string): string => `v${path}`
/** Of what no commit here refers to, such as a file that was withdrawn after all. */
const unnamedKey = 'x'

export type FreshObjects = {
  /** Whole, oldest first, by what they are. */
  byKey: ReadonlyMap<string, readonly PackedObject[]>
  /** The packs they come from; those that name the others' objects last. */
  packs: readonly Pack[]
}

const packsAhead = 4

/** Reads packs as their commits have written them. Memory holds all of their bytes. */
export async function readFresh(place: PackPlace, packs: readonly Pack[]): Promise<FreshObjects> {
  const blobs = new Map<string, PackedObject>()
  const trees = new Map<string, { object: PackedObject; tree: Tree }>()
  const commits = new Map<string, ReadCommit>()
  const naming = new Set<Pack>()
  const loaded = mapAhead(packs, packsAhead, async (pack) => ({ pack, objects: await loadPack(place, pack) }))
  for await (const { pack, objects } of loaded) {
    for (const object of objects) {
      if (object.type === 'blob') blobs.set(object.oid, object)
      else naming.add(pack)
      if (object.type === 'tree')
        trees.set(object.oid, { object, tree: parseTree(await unpackContent(object)) })
      if (object.type === 'commit') commits.set(object.oid, await readCommit(object))
    }
  }
  const byKey = new Map<string, PackedObject[]>()
  const file = (key: string, object: PackedObject): void => {
    const filed = byKey.get(key)
    if (filed === undefined) byKey.set(key, [object])
    else filed.push(object)
  }
  for (const { object, tree } of parentsFirst(commits)) {
    file(commitKey, object)
    fileTree({ trees, blobs, file }, '', tree)
  }
  for (const { object } of trees.values()) file(unnamedKey, object)
  for (const object of blobs.values()) file(unnamedKey, object)
  return { byKey, packs: [...packs.filter((pack) => !naming.has(pack)), ...naming] }
}

type Unfiled = {
  trees: Map<string, { object: PackedObject; tree: Tree }>
  blobs: Map<string, PackedObject>
  file(key: string, object: PackedObject): void
}

/** Files what is new of a tree, each object once: a tree that is not here, or not here any more, holds nothing new. */
function fileTree(unfiled: Unfiled, path: string, oid: string): void {
  const found = unfiled.trees.get(oid)
  if (found === undefined) return
  unfiled.trees.delete(oid)
  unfiled.file(treeKey(path), found.object)
  for (const [name, entry] of found.tree) {
    const below = path === '' ? name : `${path}/${name}`
    if (entry.mode === folderMode) {
      fileTree(unfiled, below, entry.oid)
      continue
    }
    const blob = unfiled.blobs.get(entry.oid)
    if (blob === undefined) continue
    unfiled.blobs.delete(entry.oid)
    unfiled.file(blobKey(below), blob)
  }
}

type ReadCommit = { object: PackedObject; tree: string; parents: string[] }

async function readCommit(object: PackedObject): Promise<ReadCommit> {
  const text = (await unpackContent(object)).toString('latin1')
  const head = text.slice(0, text.indexOf('\n\n'))
  const named = (field: string): string[] =>
    [...head.matchAll(new RegExp(`^${field} ([0-9a-f]{40})$`, 'gm'))].map(([, oid]) => oid ?? '')
  return { object, tree: named('tree')[0] ?? '', parents: named('parent') }
}

/** Versions are chained in the order of history, whatever the clocks of committers said. */
function* parentsFirst(commits: ReadonlyMap<string, ReadCommit>): Iterable<ReadCommit> {
  const seen = new Set<string>()
  for (const start of commits.keys()) {
    const line: ReadCommit[] = []
    const open = [start]
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      const commit = commits.get(oid)
      if (commit === undefined || seen.has(oid)) continue
      seen.add(oid)
      line.push(commit)
      open.push(...commit.parents)
    }
    yield* line.reverse()
  }
}
