import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { accessSync, existsSync, rmdirSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { portOf } from './ssh-server.ts'

const run = promisify(execFile)

const programs = {
  zebra: '/usr/lib/frr/zebra',
  bgpd: '/usr/lib/frr/bgpd',
  vtysh: '/usr/bin/vtysh',
  sshd: '/usr/sbin/sshd',
  useradd: '/usr/sbin/useradd',
  userdel: '/usr/sbin/userdel',
} as const

const startMs = 10_000
const pollMs = 25
/** `sshd` refuses to start without it. */
const privilegeSeparation = '/run/sshd'

export type FrrRouter = {
  host: string
  port: number
  username: string
  password: string
  /** Adds a BGP neighbour by hand, as an operator on the console would. */
  addNeighbor(address: string, asn: number, password: string): Promise<void>
  stop(): Promise<void>
}

/** Why no real router can be started here, or undefined where one can. */
export function frrMissing(): string | undefined {
  const missing = Object.values(programs).filter((program) => !existsSync(program))
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`
  if (process.getuid?.() !== 0) return 'a login whose shell is vtysh can be made by root only'
  try {
    accessSync('/etc/passwd', 2)
    return undefined
  } catch {
    return '/etc/passwd is read-only'
  }
}

/**
 * A real router: FRRouting's zebra and bgpd with their own sockets, and an OpenSSH server whose only user has vtysh as
 * login shell. Needs root for the user, who is deleted by `stop`, or when the process ends.
 */
export async function startFrrRouter({ name = 'edge1' }: { name?: string } = {}): Promise<FrrRouter> {
  const missing = frrMissing()
  if (missing !== undefined) throw new Error(missing)
  const folder = await mkdtemp(join(tmpdir(), 'netkeep-frr-'))
  const username = `netkeep-${randomBytes(3).toString('hex')}`
  const password = randomBytes(9).toString('base64url')
  const children: ChildProcess[] = []
  const madeFolder = !existsSync(privilegeSeparation)
  const cleanUp = (): void => {
    for (const child of children) child.kill('SIGTERM')
    spawnSync(programs.userdel, [username])
    if (madeFolder && existsSync(privilegeSeparation)) rmdirSync(privilegeSeparation)
  }
  process.once('exit', cleanUp)
  const stop = async (): Promise<void> => {
    process.off('exit', cleanUp)
    const ended = children.map((child) => (child.exitCode === null ? new Promise((done) => child.once('exit', done)) : undefined))
    cleanUp()
    await Promise.all(ended)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await startDaemons(folder, name, children)
    await addLogin(folder, { username, password })
    if (madeFolder) await mkdir(privilegeSeparation, { recursive: true, mode: 0o755 })
    const port = await startSshd(folder, username, children)
    return { host: '127.0.0.1', port, username, password, addNeighbor: neighborAdder(folder), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const vtyOptions = (folder: string): string[] => ['--vty_socket', join(folder, 'run'), '--config_dir', folder]

async function startDaemons(folder: string, name: string, children: ChildProcess[]): Promise<void> {
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'run'))
  await writeFile(join(folder, 'zebra.conf'), `hostname ${name}\n`)
  await writeFile(join(folder, 'bgpd.conf'), `hostname ${name}\nrouter bgp 65000\n bgp router-id 10.255.0.1\n`)
  await writeFile(join(folder, 'vtysh.conf'), `hostname ${name}\n`)
  // The daemons run as their own user, and so must own their sockets' folder.
  await run('chown', ['-R', 'frr:frr', folder])
  for (const daemon of ['zebra', 'bgpd'] as const) {
    const socket = join(folder, 'run', `${daemon}.vty`)
    const options = ['-f', join(folder, `${daemon}.conf`), '-i', join(folder, 'run', `${daemon}.pid`), '-P', '0']
    const sockets = ['--vty_socket', join(folder, 'run'), '-z', join(folder, 'run', 'zserv.api')]
    // No BGP port: another router on this machine may have it.
    const quiet = daemon === 'bgpd' ? ['-p', '0'] : []
    children.push(spawn(programs[daemon], [...options, ...sockets, ...quiet], { stdio: 'ignore' }))
    await until(() => existsSync(socket), `${daemon} did not open ${socket}`)
  }
}

async function addLogin(folder: string, { username, password }: { username: string; password: string }): Promise<void> {
  const shell = join(folder, 'login-shell')
  await writeFile(shell, `#!/bin/sh\nexec ${programs.vtysh} ${vtyOptions(folder).join(' ')}\n`)
  await chmod(shell, 0o755)
  await run(programs.useradd, ['--no-create-home', '--home-dir', folder, '--groups', 'frrvty', '--shell', shell, username])
  const setting = run('chpasswd', [])
  setting.child.stdin?.end(`${username}:${password}\n`)
  await setting
}

async function startSshd(folder: string, username: string, children: ChildProcess[]): Promise<number> {
  const hostKey = join(folder, 'host-key')
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', hostKey])
  const port = await freePort()
  const settings = [
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
  await writeFile(join(folder, 'sshd_config'), `${settings.join('\n')}\n`)
  children.push(spawn(programs.sshd, ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: 'ignore' }))
  await until(() => answers(port), `sshd did not listen on port ${port}`)
  return port
}

function neighborAdder(folder: string) {
  return async (address: string, asn: number, password: string): Promise<void> => {
    const commands = ['configure terminal', 'router bgp 65000', `neighbor ${address} remote-as ${asn}`, `neighbor ${address} password ${password}`]
    await run(programs.vtysh, [...vtyOptions(folder), ...commands.flatMap((command) => ['-c', command])])
  }
}

async function freePort(): Promise<number> {
  const listener = net.createServer()
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const port = portOf(listener)
  await new Promise<void>((resolve) => void listener.close(() => resolve()))
  return port
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })

async function until(test: () => boolean | Promise<boolean>, complaint: string): Promise<void> {
  const endsAt = performance.now() + startMs
  while (!(await test())) {
    if (performance.now() > endsAt) throw new Error(complaint)
    await new Promise((resolve) => void setTimeout(resolve, pollMs))
  }
}
