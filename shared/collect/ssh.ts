import type { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import ssh2, { type Client, type ClientChannel } from 'ssh2'
import { offeredAlgorithms } from './algorithms.ts'
import { authenticationFor, type LoginProgress } from './authentication.ts'
import type { Channel } from './channel.ts'
import { CollectFailure } from './failure.ts'
import { lockedIn } from './login-gate.ts'
import { hostKeyOf, isTrusted } from './host-key.ts'
import type { HostKey } from './outcome.ts'
import type { Credential } from './request.ts'

/** Wide, so that nothing wraps, and tall, for devices that page by the window. */
const terminal = { term: 'vt100', cols: 511, rows: 1000 } as const
/** A device that does not hang up is hung up on. */
const closeMs = 1000

export type SshTarget = {
  /** An open connection; it belongs to the login from here on. */
  socket: Duplex
  credential: Credential
  /** The login name, with what the platform appends to it. */
  username: string
  pinnedHostKeys: readonly HostKey[]
  legacy: boolean
  loginMs: number
  /** Told as soon as the server shows its key, trusted or not. */
  onHostKey: (key: HostKey) => void
  /** Told when the first thing is sent that may be refused. */
  onOffer: () => void
  /** Told what the server calls itself (RFC 4253 §4.2), such as `SSH-2.0-Cisco-1.25`. */
  onServer: (identification: string) => void
}

export type SshShell = {
  channel: Channel
  /** Resolves when the connection is really gone. */
  close: () => Promise<void>
}

/**
 * Logs in over SSH and opens a shell. Throws `CollectFailure`: `host_key_changed`, `algorithms`, `auth`, `timeout` or
 * `connection_lost`; the connection is closed then.
 */
export async function openShell(target: SshTarget): Promise<SshShell> {
  const { client, close } = await openClient(target)
  try {
    const stream = await shellOf(client, target.loginMs)
    return { channel: channelOf(client, stream), close }
  } catch (error) {
    await close()
    throw error
  }
}

export type SshClient = { client: Client; close: () => Promise<void> }

/** The login alone: what a jump host needs. Throws as `openShell` does. */
export async function openClient(target: SshTarget): Promise<SshClient> {
  const client = new ssh2.Client()
  // An error may come at any time, also when the login has long failed; unheard it would end the process.
  client.on('error', () => undefined)
  const close = (): Promise<void> => closeClient(client, target.socket)
  try {
    await logIn(client, target)
    return { client, close }
  } catch (error) {
    await close()
    throw error
  }
}

function logIn(client: Client, target: SshTarget): Promise<void> {
  const progress: LoginProgress = { offered: false, askedAgain: false, said: [] }
  let changed: HostKey | undefined
  const hostVerifier = (blob: Buffer): boolean => {
    const key = hostKeyOf(blob)
    target.onHostKey(key)
    const trusted = isTrusted(key, target.pinnedHostKeys)
    if (!trusted) changed = key
    return trusted
  }
  return new Promise((resolve, reject) => {
    const fail = (error?: Error): void =>
      reject(
        changed ? keyChanged(changed) : loginFailure(error ?? new Error('closed during login'), progress),
      )
    client.once('ready', () => {
      client.off('error', fail)
      resolve()
    })
    client.on('banner', (text) => void (progress.offered && progress.said.push(text)))
    client.once('error', fail)
    client.once('close', () => fail())
    // Heard beside the protocol, which keeps it to itself; both listeners are there before the first byte.
    target.socket.once('data', (chunk: Buffer) => {
      const line = /^SSH-[^\r\n]{1,253}/m.exec(chunk.toString('latin1'))
      if (line) target.onServer(line[0])
    })
    try {
      client.connect({
        sock: target.socket,
        username: target.username,
        authHandler: authenticationFor(target.credential, target.username, progress, target.onOffer),
        tryKeyboard: true,
        hostVerifier,
        readyTimeout: target.loginMs,
        algorithms: offeredAlgorithms(target.pinnedHostKeys, target.legacy),
      })
    } catch (error) {
      reject(
        new CollectFailure(
          'internal',
          error instanceof Error ? error.message : 'the login could not be started',
        ),
      )
    }
  })
}

const keyChanged = (key: HostKey): CollectFailure =>
  new CollectFailure(
    'host_key_changed',
    `the device shows ${key.type} SHA256:${key.sha256}, which is not a pinned key`,
  )

/** ssh2 says where an error comes from by `level`, and the rest only in words. */
function loginFailure(
  error: Error & { level?: string; code?: unknown },
  progress: LoginProgress,
): CollectFailure {
  const locked = progress.offered ? lockedIn([...progress.said, error.message].join('\n')) : undefined
  if (locked !== undefined) return new CollectFailure('account_locked', `the login was refused: ${locked}`)
  if (progress.askedAgain || error.level === 'client-authentication')
    return new CollectFailure('auth', 'the login was refused')
  if (error.level === 'client-timeout') return new CollectFailure('timeout', 'the SSH login took too long')
  if (/no matching/i.test(error.message)) return new CollectFailure('algorithms', error.message)
  // Many devices hang up on a wrong password instead of refusing it.
  const hungUp = typeof error.code !== 'string'
  if (progress.offered && hungUp)
    return new CollectFailure('auth', `the device hung up on the login: ${error.message}`)
  return new CollectFailure('connection_lost', `the SSH login broke: ${error.message}`)
}

function shellOf(client: Client, timeoutMs: number): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const fail = (category: 'connection_lost' | 'timeout', detail: string): void => {
      clearTimeout(timer)
      reject(new CollectFailure(category, detail))
    }
    const timer = setTimeout(() => fail('timeout', 'the device opened no shell'), timeoutMs)
    client.once('error', (error) => fail('connection_lost', `no shell: ${error.message}`))
    client.once('close', () =>
      fail('connection_lost', 'the device closed the connection instead of opening a shell'),
    )
    client.shell({ ...terminal }, (error, stream) => {
      if (error) return fail('connection_lost', `no shell: ${error.message}`)
      clearTimeout(timer)
      resolve(stream)
    })
  })
}

function channelOf(client: Client, stream: ClientChannel): Channel {
  let broken: Error | undefined
  client.on('error', (error) => {
    broken = error
  })
  return {
    write: (text) => {
      if (stream.writable) stream.write(text)
    },
    onData: (listener) => void stream.on('data', listener),
    onClose: (listener) => {
      let told = false
      const tell = (): void => {
        if (!told) listener(broken)
        told = true
      }
      stream.once('close', tell)
      client.once('close', tell)
    },
    close: () => stream.close(),
  }
}

/** Says goodbye, and makes sure that the socket is gone: lines left open fill a device's few terminals. */
function closeClient(client: Client, socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve()
    const timer = setTimeout(() => socket.destroy(), closeMs)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    client.end()
  })
}
