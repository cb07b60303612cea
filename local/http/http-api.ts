import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LineLog } from '../lambda/function-log.ts'
import type { Outcome } from '../lambda/worker-thread.ts'
import { type HostLog, ServiceError } from '../service.ts'
import type { HttpApiResource, RouteResource } from '../template/resources.ts'
import { gatewayAnswer, type HttpAnswer, toAnswer } from './answer.ts'
import { decodedPath, type HttpRequest, toPayload } from './payload.ts'
import { findRoute } from './routes.ts'
import { createThrottle } from './throttle.ts'

/** Request bodies (HTTP API quotas). */
const bodyBytesMax = 10 * 1024 * 1024
/** Request line and headers together (HTTP API quotas). */
const headerBytesMax = 10_240
const stopMsMax = 2000

export type HttpDoor = { port: number; url: string; stop(): Promise<void> }

type Options = {
  api: HttpApiResource
  port: number
  invoke: (route: RouteResource, payload: string, requestId: string) => Promise<Outcome>
  /** Off for benchmarks that measure the functions. */
  isThrottled: boolean
  accessLog: LineLog
  log: HostLog
  now: () => Date
}

/** The HTTP API of the template on a loopback port. */
export async function openHttpApi(options: Options): Promise<HttpDoor> {
  const { accessLog, log, now } = options
  const answerTo = createAnswering(options)
  const server = createServer({ maxHeaderSize: headerBytesMax }, (incoming, outgoing) => {
    const receivedAt = now()
    const requestId = randomUUID()
    serve(incoming, receivedAt, requestId)
      .then(({ request, answer, routeKey }) => {
        send(outgoing, answer, incoming.method === 'HEAD')
        accessLog.write(accessLine(request, answer, routeKey, now()))
      })
      .catch((error: unknown) => {
        log('error', 'a request ended early', { requestId, error: String(error) })
        outgoing.destroy()
      })
  })

  async function serve(incoming: IncomingMessage, receivedAt: Date, requestId: string): Promise<Served> {
    const body = await readBody(incoming)
    const request: HttpRequest = {
      method: incoming.method ?? 'GET',
      target: incoming.url ?? '/',
      rawHeaders: incoming.rawHeaders,
      body: body ?? Buffer.alloc(0),
      sourceIp: incoming.socket.remoteAddress?.replace('::ffff:', '') ?? '',
      requestId,
      receivedAt,
    }
    if (body === undefined)
      return { request, answer: gatewayAnswer(413, 'Request Entity Too Large'), routeKey: '-' }
    return { request, ...(await answerTo(request)) }
  }

  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      await Promise.race([closed, sleep(stopMsMax, undefined, { ref: false })])
      server.closeAllConnections()
    },
  }
}

type Answered = { answer: HttpAnswer; routeKey: string }
type Served = Answered & { request: HttpRequest }

function createAnswering({ api, invoke, isThrottled }: Options): (request: HttpRequest) => Promise<Answered> {
  const unlimited = (): boolean => true
  const stageTakes =
    isThrottled && api.stage.throttle !== undefined ? createThrottle(api.stage.throttle, Date.now) : unlimited
  const routeThrottles = new Map<RouteResource, () => boolean>()
  for (const route of api.routes)
    if (isThrottled && route.throttle !== undefined)
      routeThrottles.set(route, createThrottle(route.throttle, Date.now))

  return async (request) => {
    const rawPath = decodedPath(request.target)
    if (rawPath === undefined) return { answer: gatewayAnswer(400, 'Bad Request'), routeKey: '-' }
    const match = findRoute(api.routes, request.method, rawPath)
    if (match === undefined) return { answer: gatewayAnswer(404, 'Not Found'), routeKey: '-' }
    const { routeKey, timeoutMs } = match.route
    if (!(routeThrottles.get(match.route) ?? stageTakes)())
      return { answer: gatewayAnswer(429, 'Too Many Requests'), routeKey }
    const payload = JSON.stringify(toPayload(api, match, rawPath, request))
    const timer = new AbortController()
    try {
      const outcome = await Promise.race([
        invoke(match.route, payload, request.requestId),
        // The function runs on: API Gateway only stops waiting for it.
        sleep(timeoutMs, undefined, { signal: timer.signal }),
      ])
      const answer = outcome === undefined ? gatewayAnswer(503, 'Service Unavailable') : toAnswer(outcome)
      return { answer, routeKey }
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      const isTooLarge = error.code === 'RequestTooLargeException'
      const answer = isTooLarge
        ? gatewayAnswer(413, 'Request Entity Too Large')
        : gatewayAnswer(500, 'Internal Server Error')
      return { answer, routeKey }
    } finally {
      timer.abort()
    }
  }
}

/** Undefined where the body is too large; the rest of it is then read and dropped, so that the answer arrives. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > 4 * bodyBytesMax) break
    if (sizeBytes <= bodyBytesMax) chunks.push(chunk)
  }
  return sizeBytes > bodyBytesMax ? undefined : Buffer.concat(chunks)
}

function send(
  outgoing: ServerResponse,
  { status, headers, cookies, body }: HttpAnswer,
  isHead: boolean,
): void {
  const bodyless = status === 204 || status === 304 || status < 200
  for (const [name, value] of Object.entries(headers)) {
    if (!['content-length', 'transfer-encoding', 'connection'].includes(name)) outgoing.setHeader(name, value)
  }
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  if (!bodyless) outgoing.setHeader('content-length', body.length)
  outgoing.writeHead(status)
  outgoing.end(isHead || bodyless ? undefined : body)
}

/** One JSON line a request, with the fields of the template's access log. */
function accessLine(
  request: HttpRequest,
  { status, body }: HttpAnswer,
  routeKey: string,
  endedAt: Date,
): string {
  const { requestId, sourceIp, receivedAt, method, target } = request
  return JSON.stringify({
    requestId,
    ip: sourceIp,
    requestTime: receivedAt.toISOString(),
    httpMethod: method,
    // A query may hold what a log should not.
    path: target.split('?')[0],
    routeKey,
    status,
    responseLengthBytes: body.length,
    latencyMs: endedAt.getTime() - receivedAt.getTime(),
  })
}
