import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git } from './git-repository.ts'

export type GitRemote = {
  url: string
  login: { username: string; token: string }
  /** The bare repository; nothing in it has been checked out. */
  folder: string
  /** `METHOD path status` since the last call. */
  takeRequests(): string[]
  /** What every call is answered with; null: git answers again. */
  answerWith(status: number | null): void
  git(...args: string[]): Promise<string>
  /** One commit on top of what is there, as if somebody else had pushed it. */
  commitElsewhere(branch?: string): Promise<string>
  stop(): Promise<void>
}

/** Debian's git has it; others have it in a package of its own. */
export function hasGitHttpBackend(): boolean {
  try {
    const folder = execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim()
    return existsSync(join(folder, 'git-http-backend'))
  } catch {
    return false
  }
}

/** A remote as any other: git's own server, behind a login, which checks strictly what it is sent. */
export async function startGitRemote(): Promise<GitRemote> {
  const root = await mkdtemp(join(tmpdir(), 'netkeep-remote-'))
  const folder = join(root, 'backup.git')
  await git(root, 'init', '--bare', '--quiet', '--initial-branch=main', folder)
  for (const setting of ['http.receivepack', 'receive.fsckObjects'])
    await git(folder, 'config', setting, 'true')
  const login = { username: 'netkeep', token: 'Push-Token-1' }
  const requests: string[] = []
  let forced: number | null = null
  const server = createServer((request, response) => {
    response.on('finish', () => requests.push(`${request.method} ${request.url} ${response.statusCode}`))
    const given = Buffer.from(`${login.username}:${login.token}`).toString('base64')
    if (forced !== null) response.writeHead(forced, { location: 'http://127.0.0.1:1/' }).end()
    else if (request.headers.authorization !== `Basic ${given}`) response.writeHead(401).end()
    else runBackend(root, request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const inside = (...args: string[]): Promise<string> => git(folder, ...args)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/backup.git`,
    login,
    folder,
    takeRequests: () => requests.splice(0),
    answerWith: (status) => {
      forced = status
    },
    git: inside,
    commitElsewhere: async (branch = 'main') => {
      const name = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.net']
      const parent = (await inside('for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`)).trim()
      const tree = (await inside('hash-object', '-t', 'tree', '-w', '/dev/null')).trim()
      const onTop = parent === '' ? [] : ['-p', parent]
      const commit = (await inside(...name, 'commit-tree', tree, ...onTop, '-m', 'By hand')).trim()
      await inside('update-ref', `refs/heads/${branch}`, commit)
      return commit
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** As a web server runs it: https://git-scm.com/docs/git-http-backend */
function runBackend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://here')
  const backend = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_NOSYSTEM: '1',
      HOME: root,
      REMOTE_USER: 'netkeep',
      REQUEST_METHOD: request.method,
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: request.headers['content-length'] ?? '',
    },
  })
  // It may have answered before it has read all.
  backend.stdin.on('error', () => {})
  request.pipe(backend.stdin)
  const chunks: Buffer[] = []
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  backend.stdout.on('end', () => {
    const answer = Buffer.concat(chunks)
    const end = answer.indexOf('\r\n\r\n')
    const headers = new Map(
      answer
        .toString('latin1', 0, end)
        .split('\r\n')
        .map((line) => [line.split(': ')[0] ?? '', line.split(': ').slice(1).join(': ')]),
    )
    const status = Number.parseInt(headers.get('Status') ?? '200', 10)
    headers.delete('Status')
    response.writeHead(status, Object.fromEntries(headers)).end(answer.subarray(end + 4))
  })
}
