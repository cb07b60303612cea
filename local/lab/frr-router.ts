import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ending, openSshMissing, startOpenSsh, until, type OpenSshServer } from './openssh.ts'

const run = promisify(execFile)

const daemons = { zebra: '/usr/lib/frr/zebra', bgpd: '/usr/lib/frr/bgpd' } as const
const vtysh = '/usr/bin/vtysh'

export type FrrRouter = OpenSshServer & {
  /** Adds a BGP neighbour by hand, as an operator on the console would. */
  addNeighbor(address: string, asn: number, password: string): Promise<void>
}

/** Why no real router can be started here, or undefined where one can. */
export function frrMissing(): string | undefined {
  const missing = [...Object.values(daemons), vtysh].filter((program) => !existsSync(program))
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : openSshMissing()
}

/**
 * A real router: FRRouting's zebra and bgpd with sockets of their own, and an OpenSSH server whose only user has vtysh as
 * login shell. Needs root, see `frrMissing`.
 */
export async function startFrrRouter({ name = 'edge1' }: { name?: string } = {}): Promise<FrrRouter> {
  const missing = frrMissing()
  if (missing !== undefined) throw new Error(missing)
  const folder = await mkdtemp(join(tmpdir(), 'netkeep-frr-'))
  const children: ChildProcess[] = []
  const kill = (): void => {
    for (const child of children) child.kill('SIGTERM')
  }
  process.once('exit', kill)
  const stopDaemons = async (): Promise<void> => {
    process.off('exit', kill)
    const ended = children.map(ending)
    kill()
    await Promise.all(ended)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await startDaemons(folder, name, children)
    const shell = join(folder, 'login-shell')
    await writeFile(shell, `#!/bin/sh\nexec ${vtysh} ${vtyOptions(folder).join(' ')}\n`)
    await chmod(shell, 0o755)
    const server = await startOpenSsh({ shell, groups: ['frrvty'] })
    const stop = async (): Promise<void> => {
      await server.stop()
      await stopDaemons()
    }
    return { ...server, stop, addNeighbor: neighborAdder(folder) }
  } catch (error) {
    await stopDaemons()
    throw error
  }
}

const vtyOptions = (folder: string): string[] => ['--vty_socket', join(folder, 'run'), '--config_dir', folder]

async function startDaemons(folder: string, name: string, children: ChildProcess[]): Promise<void> {
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'run'))
  await writeFile(join(folder, 'zebra.conf'), `hostname ${name}\n`)
  await writeFile(
    join(folder, 'bgpd.conf'),
    `hostname ${name}\nrouter bgp 65000\n bgp router-id 10.255.0.1\n`,
  )
  await writeFile(join(folder, 'vtysh.conf'), `hostname ${name}\n`)
  // The daemons run as their own user, and so must own the folder of their sockets.
  await run('chown', ['-R', 'frr:frr', folder])
  for (const daemon of ['zebra', 'bgpd'] as const) {
    const socket = join(folder, 'run', `${daemon}.vty`)
    const files = [
      '-f',
      join(folder, `${daemon}.conf`),
      '-i',
      join(folder, 'run', `${daemon}.pid`),
      '-P',
      '0',
    ]
    const sockets = ['--vty_socket', join(folder, 'run'), '-z', join(folder, 'run', 'zserv.api')]
    // No BGP port: another router on this machine may have it.
    const closed = daemon === 'bgpd' ? ['-p', '0'] : []
    children.push(spawn(daemons[daemon], [...files, ...sockets, ...closed], { stdio: 'ignore' }))
    await until(() => existsSync(socket), `${daemon} did not open ${socket}`)
  }
}

function neighborAdder(folder: string) {
  return async (address: string, asn: number, password: string): Promise<void> => {
    const neighbor = `neighbor ${address}`
    const commands = [
      'configure terminal',
      'router bgp 65000',
      `${neighbor} remote-as ${asn}`,
      `${neighbor} password ${password}`,
    ]
    await run(vtysh, [...vtyOptions(folder), ...commands.flatMap((command) => ['-c', command])])
  }
}
