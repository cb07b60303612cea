import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { guardedLookup, refuseForbiddenHost } from '../../outgoing.ts'
import { version } from '../../version.ts'
import { NetboxError } from './netbox-error.ts'

export type Netbox = {
  /** Either kind, as NetBox shows it: forty digits, or `nbt_<key>.<token>`. */
  token: string | undefined
  /** PEM of the authority that vouches for the server; empty: the public ones. */
  ca_certificate: string
}

export type CallTime = {
  /** When to give up, in milliseconds since 1970. */
  until: number
  now: () => Date
  pause: (ms: number) => Promise<void>
}

const attemptsMax = 6
const pauseMsMax = 60_000
/** A page of devices takes NetBox some seconds where they are many. */
const silenceMs = 60_000
const bytesMax = 64 * 1024 * 1024
const wordsMax = 300

/**
 * One GET of JSON. What may pass (429, 5xx, a connection that breaks) is tried again, after as long as the server asks
 * for; redirections are not followed, since the token would go where nobody has sent it.
 * @throws NetboxError
 */
export async function getJson(netbox: Netbox, url: URL, time: CallTime): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await send(netbox, url, AbortSignal.timeout(silenceMs))
      return parsed(answer, await readBody(answer))
    } catch (cause) {
      const failure = cause instanceof NetboxError ? cause : unreachable(cause as Error)
      const isPassing = failure.reason === 'unavailable' || failure.reason === 'unreachable'
      const asked = failure instanceof BusyError ? failure.pauseMs : undefined
      const ms = Math.min(pauseMsMax, asked ?? 500 * 2 ** attempt)
      if (!isPassing || attempt === attemptsMax || time.now().getTime() + ms >= time.until) throw failure
      await time.pause(ms)
    }
  }
}

class BusyError extends NetboxError {
  readonly pauseMs: number | undefined
  constructor(status: number, pauseMs: number | undefined) {
    super('unavailable', `NetBox answers ${status}`)
    this.pauseMs = pauseMs
  }
}

async function send({ token, ca_certificate: ca }: Netbox, url: URL, signal: AbortSignal) {
  refuseForbiddenHost(url)
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const open = url.protocol === 'https:' ? tlsRequest : plainRequest
  const call = open(url, {
    headers: {
      accept: 'application/json',
      'user-agent': `netkeep/${version}`,
      ...(token === undefined ? {} : { authorization: authorizationOf(token) }),
    },
    lookup: guardedLookup,
    signal,
    agent: false,
    ...(ca === '' ? {} : { ca }),
  })
  call.on('response', resolve)
  call.on('error', reject)
  call.end()
  return promise
}

/** Tokens of the second kind (NetBox 4.5) begin with `nbt_`. One may have been copied with its word before it. */
export function authorizationOf(given: string): string {
  const token = given.trim().replace(/^(?:Token|Bearer)\s+/i, '')
  return `${token.startsWith('nbt_') ? 'Bearer' : 'Token'} ${token}`
}

function parsed(answer: IncomingMessage, body: string): unknown {
  const status = answer.statusCode ?? 0
  if (status === 429 || status >= 500) throw new BusyError(status, pauseOf(answer))
  const json = parseJson(body)
  if (status === 401) throw new NetboxError('login_rejected', `NetBox rejects the token (401)${saidBy(json)}`)
  // Without a token, or with a wrong one of the first kind, NetBox answers 403 too.
  if (status === 403)
    throw new NetboxError('forbidden', `the token is wrong or may not view devices (403)${saidBy(json)}`)
  if (status === 404) throw new NetboxError('not_netbox', 'nothing is at /api/dcim/devices/ there (404)')
  if (status >= 300 && status < 400)
    throw new NetboxError(
      'not_netbox',
      `the server sends elsewhere (${status}), which is not followed: give its new URL`,
    )
  if (status === 400)
    throw new NetboxError('bad_filter', `NetBox does not take the filter (400)${saidBy(json)}`)
  if (status !== 200) throw new NetboxError('refused', `NetBox answers ${status}${saidBy(json)}`)
  if (json === undefined)
    throw new NetboxError('not_netbox', 'what answers there is no NetBox: it does not answer with JSON')
  return json
}

/** Seconds, or a date: https://www.rfc-editor.org/rfc/rfc9110#name-retry-after */
function pauseOf({ headers }: IncomingMessage): number | undefined {
  const said = headers['retry-after']
  if (said === undefined) return undefined
  if (/^\d{1,9}$/.test(said)) return Number(said) * 1000
  const at = Date.parse(said)
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** NetBox says what is wrong as `detail`, or by the names of the parameters. */
function saidBy(json: unknown): string {
  if (json === null || typeof json !== 'object') return ''
  const words = 'detail' in json && typeof json.detail === 'string' ? json.detail : JSON.stringify(json)
  return `: ${words.slice(0, wordsMax)}`
}

async function readBody(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bytesMax)
      throw new NetboxError('not_netbox', `what answers there sends more than ${bytesMax} bytes at once`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function unreachable(cause: Error): NetboxError {
  if (cause.name === 'ForbiddenAddressError') return new NetboxError('refused', cause.message)
  const isLate = cause.name === 'AbortError' || cause.name === 'TimeoutError'
  // An error of several addresses has an empty message of its own.
  const words = cause.message === '' ? ((cause as NodeJS.ErrnoException).code ?? cause.name) : cause.message
  return new NetboxError('unreachable', `NetBox was not reached: ${isLate ? 'it took too long' : words}`)
}
