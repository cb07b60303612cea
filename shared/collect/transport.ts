import type { Duplex } from 'node:stream'
import type { Platform } from '../platforms/definition.ts'
import { openShell, type SshShell, type SshTarget } from './ssh.ts'
import { telnetChannel } from './telnet.ts'

export type Transport = 'ssh' | 'telnet'

/** Netmiko's names say it: those that end in `_telnet` go over telnet, all others over SSH. */
export const transportOf = (deviceType: string): Transport =>
  deviceType.endsWith('_telnet') ? 'telnet' : 'ssh'

const usualPorts = { ssh: 22, telnet: 23 } as const

/**
 * The port to connect to. An inventory gives every device the port of SSH until somebody says otherwise, so that port
 * means the usual one over telnet too.
 */
export const portFor = (transport: Transport, port: number | undefined): number =>
  transport === 'telnet' && port === usualPorts.ssh ? usualPorts.telnet : (port ?? usualPorts[transport])

/** A terminal on the device, of whatever transport. */
export type Terminal = SshShell

/** Over SSH the login is over then; over telnet it is still to come, in the terminal. */
export async function openTerminal(transport: Transport, target: SshTarget): Promise<Terminal> {
  if (transport === 'ssh') return openShell(target)
  const { socket } = target
  return { channel: telnetChannel(socket), close: () => closeSocket(socket) }
}

/** True where name and password are asked for in the terminal itself. */
export const asksInTerminal = (transport: Transport, platform: Platform): boolean =>
  transport === 'telnet' || platform.login?.inside === true

/** A device that does not hang up is hung up on. */
const closeMs = 1000

function closeSocket(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve()
    const timer = setTimeout(() => socket.destroy(), closeMs)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.end()
  })
}
