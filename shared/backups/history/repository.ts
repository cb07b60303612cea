import * as git from 'isomorphic-git'
import type { Person } from '../../git/object-format.ts'
import { refused, type Bundle } from './bundle.ts'
import { memoryFiles } from './memory-files.ts'

export type Commit = {
  oid: string
  parents: string[]
  tree: string
  author: Person
  /** When the author made it, ISO 8601. */
  at: string
  /** First line of the message. */
  message: string
}

/** A file that a commit brings or changes; without `blob` one that it takes away. */
export type FileChange = { path: string; blob?: string; commit: Commit }

export type Repository = {
  /** Every commit that leads to this one, parents before their children, else by time. */
  commits(tip: string): Promise<Commit[]>
  /** What a commit changes. Of a merge: the files that differ from one of its parents at least. */
  changes(commit: Commit, known: ReadonlyMap<string, Commit>): Promise<FileChange[]>
  /** @throws AppError `validation_failed` for an object that is not there. */
  readFile(blob: string): Promise<Uint8Array>
  /** Of the pack: may be given again, which saves making it. */
  index: Buffer
}

const gitdir = '/repository'
const packPath = `${gitdir}/objects/pack/pack-uploaded.pack`
const indexPath = packPath.replace(/pack$/, 'idx')
const commitsMax = 200_000
const messageMax = 200
/** isomorphic-git keeps the bases of long chains of deltas for as long as its cache lives. */
const cachedBytesMax = 64_000_000
const cachedEntriesMax = 200_000

/**
 * Reads a repository out of a bundle, in memory.
 * @param index of the pack, where it was made before.
 * @throws AppError `validation_failed` for a pack with objects that cannot be read.
 */
export async function openRepository(bundle: Bundle, index?: Uint8Array): Promise<Repository> {
  const files = new Map([[packPath, bundle.pack]])
  const fs = memoryFiles(files)
  if (index !== undefined) files.set(indexPath, Buffer.from(index))
  else {
    const { oids } = await git.indexPack({ fs, dir: '/', gitdir, filepath: packPath })
    if (new Set(oids).size !== bundle.objects)
      throw refused(
        `Of the ${bundle.objects} objects of the bundle ${oids.length} can be read: it is damaged.`,
      )
  }
  const reader = objectReader(fs)
  const readTree = treeReader(reader)
  return {
    index: files.get(indexPath) ?? Buffer.alloc(0),
    commits: (tip) => readCommits(reader, tip),
    readFile: async (oid) => (await reader.read((from) => git.readBlob({ ...from, oid }))).blob,
    async changes(commit, known) {
      const parents = commit.parents.flatMap((oid) => known.get(oid) ?? [])
      const found = new Map<string, FileChange>()
      const before = parents.length === 0 ? [undefined] : parents.map(({ tree }) => tree)
      for (const tree of before)
        for await (const { path, blob } of differences(readTree, { before: tree, after: commit.tree }))
          found.set(path, { path, ...(blob === undefined ? {} : { blob }), commit })
      return [...found.values()]
    },
  }
}

type From = { fs: git.PromiseFsClient; gitdir: string; cache: object }
type Reader = { read<T>(ask: (from: From) => Promise<T>): Promise<T> }

/** Lets go of what the library caches now and then. */
function objectReader(fs: ReturnType<typeof memoryFiles>): Reader {
  let cache = {}
  let bytes = 0
  return {
    async read(ask) {
      try {
        const answer = await ask({ fs, gitdir, cache })
        const { blob } = answer as { blob?: Uint8Array }
        bytes += blob?.byteLength ?? 0
        if (bytes > cachedBytesMax) [cache, bytes] = [{}, 0]
        return answer
      } catch (cause) {
        if (cause instanceof git.Errors.NotFoundError || cause instanceof git.Errors.ObjectTypeError)
          throw refused(`The bundle is damaged: ${cause.message}`)
        throw cause
      }
    },
  }
}

async function readCommits(reader: Reader, tip: string): Promise<Commit[]> {
  const commits = new Map<string, Commit & { committed: number }>()
  const waiting = [tip]
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if (commits.has(oid)) continue
    const wanted = oid
    const { commit } = await reader.read((from) => git.readCommit({ ...from, oid: wanted }))
    const { author, committer, message, parent, tree } = commit
    commits.set(oid, {
      oid,
      parents: parent,
      tree,
      author: { name: author.name, email: author.email },
      at: new Date(author.timestamp * 1000).toISOString(),
      message: (message.split('\n')[0] ?? '').slice(0, messageMax),
      committed: committer.timestamp,
    })
    if (commits.size > commitsMax)
      throw refused(`The history has more than ${commitsMax} commits: divide it by branches.`)
    waiting.push(...parent)
  }
  return oldestFirst(commits)
}

function oldestFirst(commits: ReadonlyMap<string, Commit & { committed: number }>): Commit[] {
  const ordered: Commit[] = []
  const done = new Set<string>()
  for (const commit of [...commits.values()].sort((a, b) => a.committed - b.committed)) {
    const stack: Commit[] = [commit]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const before = top.parents.flatMap((oid) => (done.has(oid) ? [] : (commits.get(oid) ?? [])))
      stack.push(...before)
      if (before.length > 0) continue
      stack.pop()
      if (!done.has(top.oid)) ordered.push(top)
      done.add(top.oid)
    }
  }
  return ordered
}

type Entry = { oid: string; isFolder: boolean }
type TreeReader = (oid: string | undefined) => Promise<ReadonlyMap<string, Entry>>

function treeReader(reader: Reader): TreeReader {
  const known = new Map<string, ReadonlyMap<string, Entry>>()
  let cached = 0
  return async (oid) => {
    if (oid === undefined) return new Map()
    const before = known.get(oid)
    if (before !== undefined) return before
    const { tree } = await reader.read((from) => git.readTree({ ...from, oid }))
    // Neither links nor submodules: they have no configuration of their own.
    const files = tree.filter(({ type, mode }) => type === 'tree' || (type === 'blob' && mode !== '120000'))
    const entries = new Map(
      files.map(({ path, oid: of, type }) => [path, { oid: of, isFolder: type === 'tree' }]),
    )
    cached += entries.size
    if (cached > cachedEntriesMax) {
      known.clear()
      cached = entries.size
    }
    known.set(oid, entries)
    return entries
  }
}

async function* differences(
  readTree: TreeReader,
  trees: { before: string | undefined; after: string | undefined },
  prefix = '',
): AsyncIterable<{ path: string; blob?: string }> {
  if (trees.before === trees.after) return
  const [before, after] = [await readTree(trees.before), await readTree(trees.after)]
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(name), after.get(name)]
    if (old?.oid === now?.oid && old?.isFolder === now?.isFolder) continue
    const path = prefix + name
    const folders = {
      before: old?.isFolder === true ? old.oid : undefined,
      after: now?.isFolder === true ? now.oid : undefined,
    }
    yield* differences(readTree, folders, `${path}/`)
    if (now?.isFolder === false) yield { path, blob: now.oid }
    else if (old?.isFolder === false) yield { path }
  }
}
