import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LineLog } from '../lambda/function-log.ts'
import type { Outcome } from '../lambda/worker-thread.ts'
import { type HostLog, ServiceError } from '../service.ts'
import type { HttpApiResource, RouteResource } from '../template/resources.ts'
import { gatewayAnswer, type HttpAnswer, toAnswer } from './answer.ts'
import type { Answered, Answering } from './distribution.ts'
import { commonLogTime, decodedPath, type HttpRequest, toPayload } from './payload.ts'
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
  /** What stands in front of the API: the distribution, where the template has one. */
  front: (api: Answering) => Answering
  log: HostLog
  now: () => Date
}

/** The HTTP API of the template, behind its distribution, on a loopback port. */
export async function openHttpApi(options: Options): Promise<HttpDoor> {
  const { accessLog, log, now } = options
  const answerTo = options.front(createAnswering(options))
  const server = createServer({ maxHeaderSize: headerBytesMax }, (incoming, outgoing) => {
    const receivedAt = now()
    const requestId = randomUUID()
    serve(incoming, receivedAt, requestId)
      .then(({ request, answer, routeKey }) => {
        send(outgoing, answer, incoming.method === 'HEAD')
        if (routeKey !== undefined)
          accessLog.write(accessLine({ request, answer, routeKey, api: options.api, endedAt: now() }))
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

type Served = Answered & { request: HttpRequest }

function createAnswering({ api, invoke, isThrottled }: Options): Answering {
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

type AccessRecord = {
  request: HttpRequest
  answer: HttpAnswer
  routeKey: string
  api: HttpApiResource
  endedAt: Date
}

/** One line a request in the format of the template's access log; what is not known here is `-`, as on AWS. */
function accessLine({ request, answer, routeKey, api, endedAt }: AccessRecord): string {
  const { requestId, sourceIp, receivedAt, method, target, rawHeaders } = request
  const latencyMs = endedAt.getTime() - receivedAt.getTime()
  const agentAt = rawHeaders.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === 'user-agent')
  const context: Record<string, string | number | undefined> = {
    requestId,
    requestTime: commonLogTime(receivedAt),
    requestTimeEpoch: receivedAt.getTime(),
    httpMethod: method,
    path: decodedPath(target),
    protocol: 'HTTP/1.1',
    routeKey,
    stage: api.stage.name,
    status: answer.status,
    responseLength: answer.body.length,
    responseLatency: latencyMs,
    integrationLatency: latencyMs,
    'identity.sourceIp': sourceIp,
    'identity.userAgent': agentAt < 0 ? undefined : rawHeaders[agentAt + 1],
  }
  const format = api.stage.accessLogFormat ?? '$context.requestId $context.routeKey $context.status'
  // Inside a JSON text: quotes and control characters of a client must not end it.
  return format.replace(/\$context\.([\w.]+)/g, (_whole, name: string) =>
    JSON.stringify(String(context[name] ?? '-')).slice(1, -1),
  )
}
