import { createHmac } from 'node:crypto'
import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { guardedLookup, refuseForbiddenHost } from '../../outgoing.ts'
import { version } from '../../version.ts'
import { DeliveryError } from './delivery.ts'

const timeoutMs = 10_000

export type Webhook = { url: string; secret: string | undefined; deliveryId: string; at: Date }

/**
 * Posts a message as JSON. With a secret it is signed: `x-netkeep-signature` is `sha256=` and the hexadecimal HMAC-SHA256
 * of `<x-netkeep-timestamp>.<body>`. Redirections are not followed.
 * @throws DeliveryError
 */
export async function postWebhook(
  { url: text, secret, deliveryId, at }: Webhook,
  message: unknown,
): Promise<void> {
  const url = new URL(text)
  const body = JSON.stringify(message)
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const signature =
    secret === undefined ? undefined : createHmac('sha256', secret).update(`${timestamp}.${body}`)
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': `netkeep/${version}`,
    'x-netkeep-delivery': deliveryId,
    'x-netkeep-timestamp': timestamp,
    ...(signature === undefined ? {} : { 'x-netkeep-signature': `sha256=${signature.digest('hex')}` }),
  }
  const status = await send(url, headers, body)
  if (status >= 200 && status < 300) return
  const isPassing = status === 429 || status >= 500
  throw new DeliveryError(`the webhook answered ${status}`, isPassing)
}

function send(url: URL, headers: Record<string, string>, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => reject(failureOf(cause))
    try {
      refuseForbiddenHost(url)
    } catch (cause) {
      fail(cause as Error)
      return
    }
    const open = url.protocol === 'https:' ? tlsRequest : plainRequest
    const signal = AbortSignal.timeout(timeoutMs)
    const call = open(
      url,
      { method: 'POST', headers, lookup: guardedLookup, signal, agent: false },
      (answer) => {
        // What it says is nobody's business here; it must be read for the connection to end.
        answer.resume()
        answer.on('error', fail)
        resolve(answer.statusCode ?? 0)
      },
    )
    call.on('error', fail)
    call.end(body)
  })
}

function failureOf(cause: Error): DeliveryError {
  const isLate = cause.name === 'AbortError' || cause.name === 'TimeoutError'
  const words = isLate ? `no answer within ${timeoutMs / 1000} s` : cause.message
  return new DeliveryError(`the webhook was not reached: ${words}`, cause.name !== 'ForbiddenAddressError')
}
