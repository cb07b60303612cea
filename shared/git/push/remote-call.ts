import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { guardedLookup, refuseForbiddenHost } from '../../outgoing.ts'
import { version } from '../../version.ts'
import { PushError } from './push-error.ts'

export type Remote = {
  url: string
  username: string
  token: string | undefined
  /** PEM of the authority that vouches for the server; empty: the public ones. */
  ca_certificate: string
}

export type RemoteCall = {
  /** Below the repository's URL. */
  path: string
  /** What comes back must be of this type. */
  accepts: string
  /** Posted where it is there. */
  body?: { type: string; chunks: AsyncIterable<Buffer> }
  bytesMax: number
  signal: AbortSignal
}

/** Nothing was sent or received for so long. A big pack is checked by the remote before it answers. */
const silenceMs = 120_000

/**
 * One call to a remote: the answer's body. Anything but 200 is an error; redirections are not followed, since a login
 * would go where nobody has sent it.
 * @throws PushError
 */
export async function callRemote(remote: Remote, call: RemoteCall): Promise<Buffer> {
  try {
    const answer = await send(remote, call)
    refuseStatus(answer)
    if (answer.headers['content-type'] !== call.accepts) {
      answer.destroy()
      throw new PushError('not_git', 'the remote answers, but not as a git repository does: check its URL')
    }
    return await readBody(answer, call.bytesMax)
  } catch (cause) {
    throw cause instanceof PushError ? cause : unreachable(cause as Error)
  }
}

/** As git's own client does it: what is short is sent with its length, for servers and proxies that ask for it. */
const shortBytes = 1024 * 1024

async function measured(
  chunks: AsyncIterable<Buffer>,
): Promise<{ bytes?: number; chunks: AsyncIterable<Buffer> }> {
  const reading = chunks[Symbol.asyncIterator]()
  const read: Buffer[] = []
  let bytes = 0
  while (bytes <= shortBytes) {
    const next = await reading.next()
    if (next.done === true) return { bytes, chunks: Readable.from(read) }
    read.push(next.value)
    bytes += next.value.length
  }
  return { chunks: all() }

  async function* all(): AsyncIterable<Buffer> {
    yield* read
    yield* { [Symbol.asyncIterator]: () => reading }
  }
}

async function send(remote: Remote, { path, accepts, body, signal }: RemoteCall): Promise<IncomingMessage> {
  const url = new URL(remote.url.replace(/\/+$/, '') + path)
  refuseForbiddenHost(url)
  const sent = body === undefined ? undefined : await measured(body.chunks)
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const open = url.protocol === 'https:' ? tlsRequest : plainRequest
  const call = open(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      accept: accepts,
      // GitHub and others take what does not look like git for a browser.
      'user-agent': `git/2.0 (netkeep ${version})`,
      ...(remote.username === '' && remote.token === undefined ? {} : { authorization: loginOf(remote) }),
      ...(body === undefined ? {} : { 'content-type': body.type }),
      ...(sent?.bytes === undefined ? {} : { 'content-length': String(sent.bytes) }),
    },
    lookup: guardedLookup,
    signal,
    agent: false,
    timeout: silenceMs,
    ...(remote.ca_certificate === '' ? {} : { ca: remote.ca_certificate }),
  })
  call.on('response', resolve)
  call.on('error', reject)
  call.on('timeout', () => call.destroy(new Error(`nothing was heard for ${silenceMs / 1000} s`)))
  if (sent === undefined) call.end()
  // Where the remote answers before it has heard all, its answer tells more than the broken pipe.
  else pipeline(Readable.from(sent.chunks), call).catch((cause: Error) => setImmediate(() => reject(cause)))
  return promise
}

const loginOf = ({ username, token = '' }: Remote): string =>
  `Basic ${Buffer.from(`${username}:${token}`, 'utf8').toString('base64')}`

function refuseStatus(answer: IncomingMessage): void {
  const status = answer.statusCode ?? 0
  if (status === 200) return
  answer.destroy()
  if (status === 401 || status === 403)
    throw new PushError('login_rejected', `the remote rejects the login, or forbids it to push (${status})`)
  if (status === 404)
    throw new PushError(
      'no_such_repository',
      'the remote knows no such repository, or hides it from this login (404)',
    )
  if (status === 429 || status >= 500) throw new PushError('unavailable', `the remote answers ${status}`)
  if (status >= 300 && status < 400)
    throw new PushError(
      'not_git',
      `the remote sends elsewhere (${status}), which is not followed: give its new URL`,
    )
  throw new PushError('refused', `the remote answers ${status}`)
}

async function readBody(answer: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bytesMax) throw new PushError('not_git', `the remote answers more than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function unreachable(cause: Error): PushError {
  if (cause.name === 'ForbiddenAddressError') return new PushError('refused', cause.message)
  const isLate = cause.name === 'AbortError' || cause.name === 'TimeoutError'
  // An error of several addresses has an empty message of its own.
  const words = cause.message === '' ? ((cause as NodeJS.ErrnoException).code ?? cause.name) : cause.message
  return new PushError('unreachable', `the remote was not reached: ${isLate ? 'it took too long' : words}`)
}
