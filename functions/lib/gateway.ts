import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { isPluginPath } from '../../shared/http/paging.ts'
import { pluginPrefix } from '../../shared/http/area.ts'
import type { HttpRequest, Reply } from '../../shared/http/request.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** Below which path a proxy in front of us serves the API: links must lead through it again. */
const pathPrefix = /^(?:\/[\w.~-]{1,100}){1,5}$/
const hostName = /^[\w.:[\]-]{1,255}$/

/** A caller's request id is taken where it is a UUID: it goes into logs and change records. */
export function requestIdOf(event: APIGatewayProxyEventV2): string {
  const given = event.headers['x-request-id'] ?? ''
  return uuid.test(given) ? given.toLowerCase() : crypto.randomUUID()
}

/** The gateway's event in the product's words. */
export function readEvent(event: APIGatewayProxyEventV2, requestId: string): HttpRequest {
  const { http } = event.requestContext
  const path = event.rawPath
  return {
    method: http.method,
    path,
    query: readQuery(event.rawQueryString),
    headers: event.headers,
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    links: {
      origin: originOf(event),
      pluginArea: isPluginPath(path) ? path.slice(pluginPrefix.length).split('/')[0] : undefined,
    },
    requestId,
    sourceAddress: http.sourceIp,
  }
}

function originOf({ headers, requestContext }: APIGatewayProxyEventV2): string {
  const { host } = headers
  const name = host !== undefined && hostName.test(host) ? host : requestContext.domainName
  const prefix = headers['x-forwarded-prefix'] ?? ''
  const path = pathPrefix.test(prefix) ? prefix : ''
  return `${headers['x-forwarded-proto'] === 'http' ? 'http' : 'https'}://${name}${path}`
}

/** Every parameter with all its values, in their order. */
function readQuery(text: string): Map<string, string[]> {
  const query = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(text)) query.set(name, [...(query.get(name) ?? []), value])
  return query
}

/** The answer as the gateway takes it: JSON, text, or bytes in base64. */
export function writeReply({ status, headers = {}, body }: Reply): APIGatewayProxyStructuredResultV2 {
  if (body === undefined) return { statusCode: status, headers: { ...headers } }
  if (body instanceof Uint8Array) {
    return {
      statusCode: status,
      headers: { ...headers },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    }
  }
  const isText = typeof body === 'string' && headers['content-type'] !== undefined
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...headers },
    body: isText ? body : JSON.stringify(body),
  }
}
