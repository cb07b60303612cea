import * as z from 'zod'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'

/**
 * The repositories that exist, and the branch a clone checks out. One without a commit is an empty
 * repository.
 */
export const repositories = {
  configs: { defaultBranch: 'main' },
} as const satisfies Record<string, { defaultBranch: string }>

export type RepositoryName = keyof typeof repositories

export const isRepository = (name: string): name is RepositoryName => Object.hasOwn(repositories, name)

/**
 * Where the parts of a repository are in object storage. Everything below is content-addressed and never
 * changes.
 */
export const objectKeys = {
  pack: (repository: RepositoryName, pack: string): string => `git/${repository}/packs/pack-${pack}.pack`,
  packIndex: (repository: RepositoryName, pack: string): string => `git/${repository}/packs/pack-${pack}.idx`,
  /**
   * A copy of each tree, beside the one in its pack: a commit then reads the few folders it touches by their names,
   * without searching pack indexes whose number grows with the history. They can be made again from any clone.
   */
  tree: (repository: RepositoryName, oid: string): string => `git/${repository}/trees/${oid}`,
}

/** The item of a branch. `version` counts its moves. */
export const Branch = z.object({
  version: z.number(),
  branch: z.string(),
  commit: z.string(),
  /** The root tree of `commit`. */
  tree: z.string(),
  movedAt: z.string(),
})
export type Branch = z.infer<typeof Branch>

/** The item of a pack: what is listed is served. Consolidation will choose by size, age and commit. */
export const Pack = z.object({
  pack: z.string(),
  /** Of the `.pack` file. */
  bytes: z.number(),
  objects: z.number(),
  /** The commit that brought the pack. */
  commit: z.string(),
  createdAt: z.string(),
})
export type Pack = z.infer<typeof Pack>

export function readBranch(
  table: Table,
  repository: RepositoryName,
  branch: string,
): Promise<Branch | undefined> {
  return table.get(Branch, keys.gitBranch(repository, branch))
}

/** In the order of their names, as git lists them. */
export async function listBranches(table: Table, repository: RepositoryName): Promise<Branch[]> {
  const { pk, sk } = keys.gitBranch(repository, '')
  const branches: Branch[] = []
  for await (const branch of table.query(Branch, { partition: pk, prefix: sk })) branches.push(branch)
  return branches
}

export function readPack(table: Table, repository: RepositoryName, pack: string): Promise<Pack | undefined> {
  return table.get(Pack, keys.gitPack(repository, pack))
}

/** Newest first: a fetch most often wants what came last. */
export async function listPacks(table: Table, repository: RepositoryName): Promise<Pack[]> {
  const packs: Pack[] = []
  for await (const pack of table.query(Pack, { partition: keys.gitPacks(repository) })) packs.push(pack)
  return packs.sort((a, b) => b.createdAt.localeCompare(a.createdAt))
}
