import type { MiddlewareObj } from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { apiVersion } from '../../shared/version.ts'
import { requestIdOf } from './gateway.ts'
import { logger } from './log.ts'

/** What is known of a request while it is answered. */
export type Trace = { requestId: string; startedMs: number; username?: string; tokenId?: number }

/** By the event: a local worker answers several requests at once, so nothing of one lies in a variable of the module. */
const traces = new WeakMap<object, Trace>()

export function traceOf(event: APIGatewayProxyEventV2): Trace {
  const known = traces.get(event) ?? { requestId: requestIdOf(event), startedMs: performance.now() }
  traces.set(event, known)
  return known
}

type HttpMiddleware = MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>

/** Headers that every answer has, and one log line per request: no query, no header, no body, so no secret. */
export const trace = (): HttpMiddleware => {
  const finish = (
    event: APIGatewayProxyEventV2,
    response: APIGatewayProxyStructuredResultV2 | null | undefined,
  ): void => {
    if (response === null || response === undefined) return
    const { requestId, startedMs, ...caller } = traceOf(event)
    const elapsedMs = Math.round((performance.now() - startedMs) * 10) / 10
    response.headers = {
      'cache-control': 'no-store',
      ...response.headers,
      'x-request-id': requestId,
      'x-process-time': (elapsedMs / 1000).toFixed(4),
      'api-version': apiVersion,
    }
    const { method, path, sourceIp } = event.requestContext.http
    logger.info('request', {
      requestId,
      method,
      path,
      status: response.statusCode,
      elapsedMs,
      sourceIp,
      ...caller,
    })
  }
  return {
    before: ({ event }) => {
      traceOf(event)
    },
    after: ({ event, response }) => finish(event, response),
    onError: ({ event, response }) => finish(event, response),
  }
}
