import type { Duplex } from 'node:stream'
import { atMost } from '../concurrency.ts'
import { CollectFailure } from './failure.ts'
import type { HostKey } from './outcome.ts'
import { endOf, openGate, reachInTurn, type LoginGate } from './login-gate.ts'
import { reach, type Reach, type Reached } from './reach.ts'
import type { Credential } from './request.ts'
import { openClient, type SshClient } from './ssh.ts'

/** A host on the way to devices, with a login of its own. */
export type Hop = {
  id: number
  name: string
  host: string
  port: number
  credential: Credential
  pinnedHostKeys: readonly HostKey[]
  legacy: boolean
  /** Devices that are spoken to through it at once. */
  sessions: number
}

/** The way through jump hosts: one connection to each, shared by all devices behind it. */
export type Tunnels = {
  /** @param hops in the order they are passed, at least one. */
  through(hops: readonly Hop[]): Reach
  /** The keys that the hops showed, by their ids. */
  readonly hostKeys: ReadonlyMap<number, HostKey>
  close(): Promise<void>
}

const loginMs = 20_000

type Open = { ssh: SshClient; inTurn: <T>(task: () => Promise<T>) => Promise<T> }

/** @param gateOf who says whether a login on a hop may be tried. */
export function openTunnels(gateOf: (hop: Hop) => LoginGate = () => openGate): Tunnels {
  const opened = new Map<string, Promise<Open>>()
  const hostKeys = new Map<number, HostKey>()

  /** The connection to the last of the hops, made once and again after it broke. */
  const clientOf = (hops: readonly Hop[]): Promise<Open> => {
    const path = hops.map(({ id }) => id).join('>')
    const known = opened.get(path)
    if (known !== undefined) return known
    const opening = openHop(hops, { clientOf, hostKeys, gateOf })
    opened.set(path, opening)
    const forget = (): void => void opened.delete(path)
    opening.then(({ ssh }) => ssh.client.once('close', forget), forget)
    return opening
  }

  const through =
    (hops: readonly Hop[]): Reach =>
    async (host, port, timeoutMs) => {
      const last = hops.at(-1)
      if (last === undefined) return reach(host, port, timeoutMs)
      try {
        const { ssh, inTurn } = await clientOf(hops)
        return await held(inTurn, () => forward(ssh, last, { host, port, timeoutMs }))
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error)
        return { ok: false, category: 'jump_host', detail }
      }
    }

  const close = async (): Promise<void> => {
    const all = await Promise.allSettled(opened.values())
    // From the far end: each connection runs through the one before.
    for (const one of all.reverse()) if (one.status === 'fulfilled') await one.value.ssh.close()
  }
  return { through, hostKeys, close }
}

/** Names the jump host that it is about: those behind it have nothing to add. */
class HopFailure extends Error {}

type Openers = {
  clientOf: (hops: readonly Hop[]) => Promise<Open>
  hostKeys: Map<number, HostKey>
  gateOf: (hop: Hop) => LoginGate
}

async function openHop(hops: readonly Hop[], { clientOf, hostKeys, gateOf }: Openers): Promise<Open> {
  const before = hops.slice(0, -1)
  const hop = hops.at(-1)
  if (hop === undefined) throw new Error('no hop')
  const connect = (): Promise<Reached> =>
    before.length === 0 ? reach(hop.host, hop.port) : reachHop(hop, before, clientOf)
  let wasOffered = false
  try {
    const { socket, pass } = await reachInTurn(connect, () => gateOf(hop)(hop.credential))
    const ssh = await openClient({
      socket,
      credential: hop.credential,
      username: hop.credential.username,
      pinnedHostKeys: hop.pinnedHostKeys,
      legacy: hop.legacy,
      loginMs,
      onHostKey: (key) => void hostKeys.set(hop.id, key),
      onOffer: () => void (wasOffered = true),
      onServer: () => {},
    }).catch(async (error: unknown) => {
      await pass.end(endOf(error, wasOffered))
      throw error
    })
    await pass.end('accepted')
    return { ssh, inTurn: atMost(hop.sessions) }
  } catch (error) {
    if (error instanceof HopFailure) throw error
    const why = error instanceof CollectFailure ? `${error.category}: ${error.message}` : String(error)
    throw new HopFailure(`jump host ${hop.name}: ${why}`, { cause: error })
  }
}

async function reachHop(
  hop: Hop,
  before: readonly Hop[],
  clientOf: (hops: readonly Hop[]) => Promise<Open>,
): Promise<Reached> {
  const { ssh } = await clientOf(before)
  const [last] = before.slice(-1)
  return forward(ssh, last, { host: hop.host, port: hop.port, timeoutMs: loginMs })
}

/** OpenSSH's reasons (RFC 4254 §5.1): 1 is a refusal by policy, 2 that the address did not take the connection. */
const openFailures: Readonly<Record<number, { category: 'jump_host' | 'refused'; what: string }>> = {
  1: { category: 'jump_host', what: 'forwarding is not allowed there' },
  2: { category: 'refused', what: 'it could not connect' },
}

function forward(
  { client }: SshClient,
  hop: Hop | undefined,
  to: { host: string; port: number; timeoutMs: number },
): Promise<Reached> {
  const name = hop?.name ?? 'jump host'
  return new Promise((resolve) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      resolve({
        ok: false,
        category: 'unreachable',
        detail: `no answer on ${to.host} port ${to.port} through ${name} within ${to.timeoutMs} ms`,
      })
    }, to.timeoutMs)
    client.forwardOut('127.0.0.1', 0, to.host, to.port, (error, stream) => {
      clearTimeout(timer)
      if (isLate) return stream?.destroy()
      if (error === undefined || error === null) return resolve({ ok: true, socket: stream })
      const reason = (error as Error & { reason?: number }).reason ?? 0
      const { category, what } = openFailures[reason] ?? { category: 'jump_host', what: error.message }
      resolve({ ok: false, category, detail: `${to.host} port ${to.port} through ${name}: ${what}` })
    })
  })
}

/** Keeps a place in the queue until the connection is gone. */
function held(
  inTurn: <T>(task: () => Promise<T>) => Promise<T>,
  open: () => Promise<Reached>,
): Promise<Reached> {
  return new Promise((resolve) => {
    void inTurn(async () => {
      const reached = await open()
      resolve(reached)
      if (reached.ok) await gone(reached.socket)
    })
  })
}

const gone = (socket: Duplex): Promise<void> =>
  new Promise((resolve) => (socket.destroyed ? resolve() : void socket.once('close', () => resolve())))
