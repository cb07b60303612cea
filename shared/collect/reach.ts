import net from 'node:net'
import type { Duplex } from 'node:stream'
import type { Failed } from './outcome.ts'
import { defaultLimits } from './request.ts'

/** A way to the device: a connection of our own, or one that a jump host made. */
export type Reached = { ok: true; socket: Duplex } | Failed
export type Reach = (host: string, port: number, timeoutMs: number) => Promise<Reached>

/**
 * Opens a TCP connection; the caller owns the socket, already with Nagle's algorithm off (keystrokes would wait for
 * acknowledgements). Never throws: `refused` when the port is closed, `unreachable` for everything else, such as no answer
 * within `timeoutMs`, no route, or a name that does not resolve.
 */
export function reach(
  host: string,
  port: number,
  timeoutMs: number = defaultLimits.reachMs,
): Promise<Reached> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, noDelay: true })
    const timer = setTimeout(
      () => fail('unreachable', `no answer on ${host} port ${port} within ${timeoutMs} ms`),
      timeoutMs,
    )
    const fail = (category: 'refused' | 'unreachable', detail: string): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ ok: false, category, detail })
    }
    const onError = (error: NodeJS.ErrnoException): void => {
      const refused = error.code === 'ECONNREFUSED'
      fail(refused ? 'refused' : 'unreachable', `${host} port ${port}: ${error.code ?? error.message}`)
    }
    socket.once('error', onError)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', onError)
      resolve({ ok: true, socket })
    })
  })
}

/** Only whether the port answers: for health checks. The connection is closed at once. */
export async function isReachable(
  host: string,
  port: number,
  timeoutMs: number = defaultLimits.reachMs,
): Promise<boolean> {
  const reached = await reach(host, port, timeoutMs)
  if (reached.ok) reached.socket.destroy()
  return reached.ok
}
