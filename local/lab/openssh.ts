import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { accessSync, existsSync, rmdirSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { portOf } from './ssh-server.ts'

const run = promisify(execFile)

const programs = {
  sshd: '/usr/sbin/sshd',
  useradd: '/usr/sbin/useradd',
  userdel: '/usr/sbin/userdel',
} as const
const startMs = 10_000
const pollMs = 25
/** `sshd` refuses to start without it. */
const privilegeSeparation = '/run/sshd'

export type OpenSshServer = {
  host: string
  port: number
  username: string
  password: string
  stop(): Promise<void>
}

/** Why no OpenSSH server can be started here, or undefined where one can. */
export function openSshMissing(): string | undefined {
  const missing = Object.values(programs).filter((program) => !existsSync(program))
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`
  if (process.getuid?.() !== 0) return 'a login with its own shell can be made by root only'
  try {
    accessSync('/etc/passwd', 2)
    return undefined
  } catch {
    return '/etc/passwd is read-only'
  }
}

/**
 * A real OpenSSH server on a free loopback port with one user of its own, whose login shell is `shell`. The user is
 * deleted by `stop`, or when the process ends.
 */
export async function startOpenSsh({
  shell,
  groups = [],
}: {
  shell: string
  groups?: readonly string[]
}): Promise<OpenSshServer> {
  const missing = openSshMissing()
  if (missing !== undefined) throw new Error(missing)
  const folder = await mkdtemp(join(tmpdir(), 'netkeep-sshd-'))
  const username = `netkeep-${randomBytes(3).toString('hex')}`
  const password = randomBytes(9).toString('base64url')
  const madeFolder = !existsSync(privilegeSeparation)
  let server: ChildProcess | undefined
  const cleanUp = (): void => {
    server?.kill('SIGTERM')
    spawnSync(programs.userdel, [username])
    if (madeFolder && existsSync(privilegeSeparation)) rmdirSync(privilegeSeparation)
  }
  process.once('exit', cleanUp)
  const stop = async (): Promise<void> => {
    process.off('exit', cleanUp)
    const ended = server ? ending(server) : undefined
    cleanUp()
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await chmod(folder, 0o755)
    const memberships = groups.length > 0 ? ['--groups', groups.join(',')] : []
    await run(programs.useradd, [
      '--no-create-home',
      '--home-dir',
      folder,
      ...memberships,
      '--shell',
      shell,
      username,
    ])
    const setting = run('chpasswd', [])
    setting.child.stdin?.end(`${username}:${password}\n`)
    await setting
    await mkdir(privilegeSeparation, { recursive: true, mode: 0o755 })
    const port = await freePort()
    server = spawn(programs.sshd, ['-D', '-e', '-f', await settings(folder, username, port)], {
      stdio: 'ignore',
    })
    await until(() => answers(port), `sshd did not listen on port ${port}`)
    return { host: '127.0.0.1', port, username, password, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function settings(folder: string, username: string, port: number): Promise<string> {
  const hostKey = join(folder, 'host-key')
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', hostKey])
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKey}`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication no',
    'AuthorizedKeysFile none',
    'PrintMotd no',
    `AllowUsers ${username}`,
  ]
  const file = join(folder, 'sshd_config')
  await writeFile(file, `${lines.join('\n')}\n`)
  return file
}

/** Resolves when the process is gone. */
export const ending = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => (child.exitCode === null ? void child.once('exit', () => resolve()) : resolve()))

/** Polls until the test holds; the complaint is thrown after 10 s. */
export async function until(test: () => boolean | Promise<boolean>, complaint: string): Promise<void> {
  const endsAt = performance.now() + startMs
  while (!(await test())) {
    if (performance.now() > endsAt) throw new Error(complaint)
    await new Promise((resolve) => void setTimeout(resolve, pollMs))
  }
}

async function freePort(): Promise<number> {
  const listener = net.createServer()
  await new Promise<void>((resolve) => void listener.listen(0, '127.0.0.1', resolve))
  const port = portOf(listener)
  await new Promise<void>((resolve) => void listener.close(() => resolve()))
  return port
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
