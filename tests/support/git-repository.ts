import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { commitFiles, type Change, type Committed } from '../../shared/git/commit.ts'
import { serveGit } from '../../shared/git/serve.ts'
import type { ObjectStore } from '../../shared/objects.ts'
import type { Table } from '../../shared/table/table.ts'
import { startTable, type TestTable } from './table.ts'

const run = promisify(execFile)

export type TestRepository = {
  stores: { table: Table; objects: ObjectStore; now: () => Date }
  url: string
  folder: string
  /** Requests since the last call, `METHOD path status`. */
  takeRequests(): string[]
  commit(changes: Iterable<Change>, message?: string): Promise<Committed>
  /** A fresh clone; throws with git's own words where git fails. */
  clone(...options: string[]): Promise<{ path: string; said: string }>
  stop(): Promise<void>
}

/** A repository in a table and a folder of objects, served to git over HTTP. */
export async function startRepository(
  options: Parameters<typeof startTable>[0] = {},
): Promise<TestRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'netkeep-git-'))
  const testTable: TestTable = await startTable(options)
  await mkdir(join(folder, 'objects'))
  const stores = {
    table: testTable.table,
    objects: folderObjects(join(folder, 'objects')),
    now: () => new Date(),
  }
  const server = await serve(stores)
  let clones = 0
  return {
    stores,
    folder,
    url: `${server.url}/configs.git`,
    takeRequests: () => server.requests.splice(0),
    commit: (changes, message = 'Back up') => commitFiles(stores, commitRequest(changes, message)),
    clone: async (...options) => {
      clones += 1
      const path = join(folder, `clone-${clones}`)
      const said = await git(folder, 'clone', ...options, `${server.url}/configs.git`, path)
      return { path, said }
    },
    stop: async () => {
      await server.stop()
      await testTable.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const commitRequest = (changes: Iterable<Change> | AsyncIterable<Change>, message: string) => ({
  repository: 'configs' as const,
  branch: 'main',
  changes,
  author: { name: 'netkeep', email: 'netkeep@localhost' },
  message,
  at: '2026-11-20T02:00:00Z',
})

/** What git prints, both streams; nothing of the machine's own settings takes part. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: cwd, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' }
  const { stdout, stderr } = await run('git', args, { cwd, env, maxBuffer: 256 * 1024 * 1024 })
  return stdout + stderr
}

/** Objects as files of a folder. */
function folderObjects(root: string): ObjectStore {
  const pathOf = (key: string): string => join(root, key)
  return {
    get: (key) => readFile(pathOf(key)).catch(undefinedIfAbsent),
    put: async (key, body) => {
      await mkdir(dirname(pathOf(key)), { recursive: true })
      await writeFile(pathOf(key), body)
    },
    exists: async (key) => (await stat(pathOf(key)).catch(undefinedIfAbsent)) !== undefined,
    list: async function* (prefix) {
      const names = await readdir(root, { recursive: true })
      for (const key of names.filter((name) => name.startsWith(prefix)).sort()) {
        const found = await stat(pathOf(key))
        if (found.isFile()) yield { key, bytes: found.size }
      }
    },
    delete: async (keys) => {
      for (const key of keys) await rm(pathOf(key), { force: true })
    },
  }
}

function undefinedIfAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}

async function serve(
  stores: TestRepository['stores'],
): Promise<{ url: string; requests: string[]; stop(): Promise<void> }> {
  const requests: string[] = []
  const answer = async (request: IncomingMessage) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://here')
    const query = Object.fromEntries(searchParams)
    const method = request.method ?? 'GET'
    const path = pathname.slice(1)
    const response = await serveGit(stores, { method, path, query, range: request.headers.range })
    requests.push(`${method} ${path} ${response.status}`)
    return response
  }
  const server = createServer((request, reply) => {
    void answer(request).then(
      ({ status, headers, body }) => reply.writeHead(status, headers).end(body),
      (error: unknown) => reply.writeHead(500).end(String(error)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${address.port}`, requests, stop }
}
