import { AppError } from '../errors.ts'
import type { ObjectStore } from '../objects.ts'
import { atMost } from '../concurrency.ts'
import { pathSegments } from './config-path.ts'
import {
  encodeTree,
  fileMode,
  folderMode,
  objectId,
  parseTree,
  treeName,
  type Tree,
} from './object-format.ts'
import { objectKeys, type RepositoryName } from './repositories.ts'

/** What becomes of one path: a file with this content, or none. */
export type Edit = { blob: string } | { remove: true }
/** Edits by folder, under the names a tree holds. */
export type EditFolder = Map<string, EditFolder | Edit>

export type NewTree = { oid: string; content: Buffer }
export type EditedTree = {
  /** Undefined where nothing is left in the folder. */
  oid: string | undefined
  /** Files that differ from before. */
  files: number
}

const transfersMax = 16

/** Reads and keeps trees: those of one commit's touched folders, so memory follows the size of the change. */
export type TreeStore = {
  read(oid: string): Promise<Tree>
  write(trees: readonly NewTree[]): Promise<void>
  /** The blob that the path has below this root. */
  blobAt(root: string | undefined, path: string): Promise<string | undefined>
}

export function treeStore(objects: ObjectStore, repository: RepositoryName): TreeStore {
  const read = new Map<string, Promise<Tree>>()
  const inTurn = atMost(transfersMax)
  const fetchTree = async (oid: string): Promise<Tree> => {
    const content = await inTurn(() => objects.get(objectKeys.tree(repository, oid)))
    if (content === undefined) throw new Error(`the tree ${oid} of ${repository} is not in object storage`)
    return parseTree(content)
  }
  const readOnce = (oid: string): Promise<Tree> => {
    const tree = read.get(oid) ?? fetchTree(oid)
    read.set(oid, tree)
    return tree
  }
  return {
    read: readOnce,
    write: async (trees) => {
      await Promise.all(
        trees.map(({ oid, content }) => inTurn(() => objects.put(objectKeys.tree(repository, oid), content))),
      )
    },
    blobAt: async (root, path) => {
      let oid = root
      let mode = folderMode
      for (const name of pathSegments(path).map(treeName)) {
        const entry = oid === undefined || mode !== folderMode ? undefined : (await readOnce(oid)).get(name)
        if (entry === undefined) return undefined
        ;({ oid, mode } = entry)
      }
      return mode === folderMode ? undefined : oid
    },
  }
}

/**
 * @throws AppError `validation_failed` for a path that is a file and a folder in the same change.
 */
export function editFolders(edits: ReadonlyMap<string, Edit>): EditFolder {
  const root: EditFolder = new Map()
  for (const [path, edit] of edits) {
    const names = pathSegments(path).map(treeName)
    const last = names.pop() ?? ''
    let folder = root
    for (const name of names) {
      const below = folder.get(name) ?? new Map<string, EditFolder | Edit>()
      if (!(below instanceof Map)) throw fileAndFolder(path)
      folder.set(name, below)
      folder = below
    }
    if (folder.get(last) instanceof Map) throw fileAndFolder(path)
    folder.set(last, edit)
  }
  return root
}

const fileAndFolder = (path: string): AppError =>
  new AppError('validation_failed', `A file and a folder have the same name at ${JSON.stringify(path)}`)

/**
 * The tree with the edits made: only touched folders are read and written again, the others keep their names.
 * @param base the tree before; undefined for an empty one.
 * @param written receives the new trees, each before the ones that hold it.
 */
export async function applyEdits(
  trees: TreeStore,
  base: string | undefined,
  edits: EditFolder,
  written: Map<string, NewTree>,
): Promise<EditedTree> {
  const tree: Tree = base === undefined ? new Map() : new Map(await trees.read(base))
  const counts = await Promise.all(
    [...edits].map(async ([name, edit]) =>
      edit instanceof Map
        ? applyFolder(trees, tree, { name, edits: edit }, written)
        : applyFile(tree, name, edit),
    ),
  )
  const files = counts.reduce((sum, count) => sum + count, 0)
  if (tree.size === 0) return { oid: undefined, files }
  const content = encodeTree(tree)
  const oid = objectId('tree', content)
  if (oid !== base) written.set(oid, { oid, content })
  return { oid, files }
}

async function applyFolder(
  trees: TreeStore,
  tree: Tree,
  { name, edits }: { name: string; edits: EditFolder },
  written: Map<string, NewTree>,
): Promise<number> {
  const before = tree.get(name)
  const base = before?.mode === folderMode ? before.oid : undefined
  const after = await applyEdits(trees, base, edits, written)
  if (after.oid !== undefined) tree.set(name, { mode: folderMode, oid: after.oid })
  else if (base !== undefined) tree.delete(name)
  return after.files
}

function applyFile(tree: Tree, name: string, edit: Edit): number {
  const before = tree.get(name)
  if ('remove' in edit) {
    // A folder of this name holds other paths: only they remove it.
    const isFile = before !== undefined && before.mode !== folderMode
    if (isFile) tree.delete(name)
    return isFile ? 1 : 0
  }
  if (before?.oid === edit.blob) return 0
  tree.set(name, { mode: fileMode, oid: edit.blob })
  return 1
}
