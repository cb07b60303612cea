import { randomUUID } from 'node:crypto'
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

/** That of the backed-up configurations. */
export const configRepository: RepositoryName = 'configs'

export const isRepository = (name: string): name is RepositoryName => Object.hasOwn(repositories, name)

/**
 * Where the parts of a repository are in object storage. Everything below is content-addressed and never
 * changes.
 */
export const objectKeys = {
  packs: (repository: RepositoryName): string => `git/${repository}/packs/`,
  pack: (repository: RepositoryName, copy: PackCopy): string => packKey(repository, copy, 'pack'),
  packIndex: (repository: RepositoryName, copy: PackCopy): string => packKey(repository, copy, 'idx'),
  /** Of a settled pack: what its objects are, in their order. */
  packContents: (repository: RepositoryName, copy: PackCopy): string => packKey(repository, copy, 'contents'),
  /**
   * A copy of each tree, beside the one in its pack: a commit then reads the few folders it touches by their names,
   * without searching pack indexes whose number grows with the history. They can be made again from any clone.
   */
  tree: (repository: RepositoryName, oid: string): string => `git/${repository}/trees/${oid}`,
}

/**
 * A pack's name is the checksum of its content; `copy` tells one writing of that content from another. So nobody who
 * deletes a pack can hit one that somebody else has just written anew.
 */
export type PackCopy = { pack: string; copy: string }

/** @returns what starts with the moment, so that whoever finds the object later knows its age. */
export const newCopy = (now: Date): string => `${now.getTime().toString(36)}-${randomUUID().slice(0, 8)}`

/** The pack that an object of `objectKeys.packs` belongs to, and when it was written. */
export function packOfKey(key: string): (PackCopy & { writtenMs: number }) | undefined {
  const [, pack, time, random] = /\/pack-([0-9a-f]{40})-([0-9a-z]+)-([0-9a-f]{8})\.[a-z]+$/.exec(key) ?? []
  if (pack === undefined || time === undefined) return undefined
  return { pack, copy: `${time}-${random}`, writtenMs: Number.parseInt(time, 36) }
}

const packKey = (repository: RepositoryName, { pack, copy }: PackCopy, extension: string): string =>
  `git/${repository}/packs/pack-${pack}-${copy}.${extension}`

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

/** The item of a pack: what is there is served, and what is not retired is listed. */
export const Pack = z.object({
  version: z.number(),
  pack: z.string(),
  copy: z.string(),
  /** Of the `.pack` file. */
  bytes: z.number(),
  objects: z.number(),
  /** The commit that brought the pack; of a settled one, the newest commit that was settled with it. */
  commit: z.string(),
  createdAt: z.string(),
  /** The first contents of a settled pack (`settle.ts`); one without is as its commit has written it. */
  settled: z.object({ from: z.string(), part: z.number() }).optional(),
  /** Others hold all of its objects since then. */
  retiredAt: z.string().optional(),
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

/** All of them, retired ones included, the newest first. */
export async function readPacks(table: Table, repository: RepositoryName): Promise<Pack[]> {
  const packs: Pack[] = []
  for await (const pack of table.query(Pack, { partition: keys.gitPacks(repository) })) packs.push(pack)
  return packs.sort((a, b) => b.createdAt.localeCompare(a.createdAt))
}

/**
 * Those that a client is to look into, in this order: what came last is in small packs, and whoever fetches often needs
 * no others.
 */
export async function listPacks(table: Table, repository: RepositoryName): Promise<Pack[]> {
  const packs = (await readPacks(table, repository)).filter(({ retiredAt }) => retiredAt === undefined)
  return [...packs.filter(({ settled }) => !settled), ...packs.filter(({ settled }) => settled)]
}
