import type { ObjectStore } from '../objects.ts'
import type { Table } from '../table/table.ts'
import {
  isRepository,
  listBranches,
  listPacks,
  objectKeys,
  readPack,
  repositories,
  type RepositoryName,
} from './repositories.ts'

// Git's "dumb" HTTP protocol: a client reads the refs and the list of packs, then whole packs and indexes,
// as files
// (https://git-scm.com/docs/http-protocol). Every answer is bounded by the size of a pack, whatever the
// size of the
// repository. The smart protocol answers a clone with one pack of everything, which no Lambda response
// holds. What
// this costs: no shallow and no partial clones.

export type GitRequest = {
  method: string
  /** Below `/git/`, for example `configs.git/info/refs`. */
  path: string
  query: Readonly<Record<string, string | undefined>>
  /** The request's `Range`: git resumes the download of a pack with it. */
  range?: string | undefined
}

/** `body` is at most 4 MiB, so that its base64 form fits a Lambda response. */
export type GitResponse = { status: number; headers: Record<string, string>; body: Uint8Array }

type Stores = { table: Table; objects: ObjectStore }
type Served = {
  stores: Stores
  repository: RepositoryName
  groups: readonly string[]
  range: string | undefined
}

const files: readonly { path: RegExp; answer: (served: Served) => Promise<GitResponse> }[] = [
  { path: /^info\/refs$/, answer: infoRefs },
  { path: /^HEAD$/, answer: head },
  { path: /^objects\/info\/packs$/, answer: packList },
  { path: /^objects\/pack\/pack-([0-9a-f]{40})\.(pack|idx)$/, answer: packFile },
]

/**
 * Answers git's client, read-only. The caller has checked that it may read: nothing here asks who it is.
 * Errors are answers in plain text, which git shows to its user.
 */
export async function serveGit(stores: Stores, request: GitRequest): Promise<GitResponse> {
  const { method, path, query, range } = request
  const [, name = '', file = ''] = /^\/?([^/]+?)(?:\.git)?\/(.*)$/.exec(path) ?? []
  if (!isRepository(name)) return text(404, 'There is no such repository here.\n')
  const isRead = method === 'GET' || method === 'HEAD'
  if (!isRead || query['service'] === 'git-receive-pack') {
    return text(403, 'This repository is read-only: it is written by backup runs.\n')
  }
  for (const { path, answer } of files) {
    const match = path.exec(file)
    if (match === null) continue
    const response = await answer({ stores, repository: name, groups: match.slice(1), range })
    return method === 'HEAD' ? { ...response, body: new Uint8Array() } : response
  }
  // Objects are only in packs. Git asks for each one alone first, so this answer reads nothing.
  return text(404, 'Not found.\n')
}

async function infoRefs({ stores, repository }: Served): Promise<GitResponse> {
  const branches = await listBranches(stores.table, repository)
  return text(200, branches.map(({ branch, commit }) => `${commit}\trefs/heads/${branch}\n`).join(''))
}

async function head({ repository }: Served): Promise<GitResponse> {
  return text(200, `ref: refs/heads/${repositories[repository].defaultBranch}\n`)
}

async function packList({ stores, repository }: Served): Promise<GitResponse> {
  const packs = await listPacks(stores.table, repository)
  return text(200, `${packs.map(({ pack }) => `P pack-${pack}.pack\n`).join('')}\n`)
}

/**
 * Only a pack of the table is served, so object storage is hardly ever asked for a key it does not have. A retired one
 * is served to clones that began before, until it is deleted.
 */
async function packFile({ stores, repository, groups, range }: Served): Promise<GitResponse> {
  const [name = '', extension] = groups
  const pack = await readPack(stores.table, repository, name)
  if (pack === undefined) return text(404, 'Not found.\n')
  const isIndex = extension === 'idx'
  const body = await stores.objects.get((isIndex ? objectKeys.packIndex : objectKeys.pack)(repository, pack))
  if (body === undefined) {
    if (pack.retiredAt !== undefined) return text(404, 'Not found.\n')
    throw new Error(`the pack ${name} of ${repository} is not in object storage`)
  }
  const headers = {
    'content-type': isIndex ? 'application/x-git-packed-objects-toc' : 'application/x-git-packed-objects',
    // The name is a checksum of the content. Private: who may not read must not get it from a shared cache.
    'cache-control': 'private, max-age=31536000, immutable',
    'accept-ranges': 'bytes',
  }
  return ranged({ status: 200, headers, body }, range)
}

/** Git sends the one form `bytes=<start>-`; any other is ignored, as RFC 9110 §14.2 allows. */
function ranged(response: GitResponse, range: string | undefined): GitResponse {
  const { headers, body } = response
  const start = /^bytes=(\d{1,15})-$/.exec(range ?? '')?.[1]
  if (start === undefined) return response
  const total = body.length
  const first = Number(start)
  if (first >= total) {
    return { status: 416, headers: { 'content-range': `bytes */${total}` }, body: new Uint8Array() }
  }
  const contentRange = `bytes ${first}-${total - 1}/${total}`
  return { status: 206, headers: { ...headers, 'content-range': contentRange }, body: body.subarray(first) }
}

function text(status: number, content: string): GitResponse {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' }
  return { status, headers, body: Buffer.from(content, 'utf8') }
}
