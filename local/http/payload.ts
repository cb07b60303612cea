import type { HttpApiResource } from '../template/resources.ts'
import type { RouteMatch } from './routes.ts'

/** A request as it came over the wire. */
export type HttpRequest = {
  method: string
  /** Path and query as sent. */
  target: string
  rawHeaders: readonly string[]
  body: Buffer
  sourceIp: string
  requestId: string
  receivedAt: Date
}

/** Bodies of these types are passed on as text, all others in Base64. */
const textTypes = /^(text\/.*|application\/(json|xml|javascript)|application\/[\w.+-]+\+(json|xml))$/

/**
 * The path as an HTTP API sees it: percent-decoded, and cut at a decoded `?`. Captured from live APIs in
 * github.com/hotsock/voker pull request 8 (2026): REST APIs and function URLs keep the coding, HTTP APIs do not.
 */
export function decodedPath(target: string): string | undefined {
  try {
    const [path = ''] = decodeURIComponent(target.split('?')[0] ?? '').split('?')
    return path
  } catch {
    return undefined
  }
}

/** The event of a Lambda integration in payload format 2.0 (API Gateway developer guide). */
export function toPayload(
  api: HttpApiResource,
  { route, parameters }: RouteMatch,
  rawPath: string,
  request: HttpRequest,
): Record<string, unknown> {
  const { method, requestId, receivedAt, sourceIp, body } = request
  const rawQueryString = request.target.split('?').slice(1).join('?')
  const query = joined(new URLSearchParams(rawQueryString))
  const { cookies, ...headers } = headersOf(request)
  const isText = textTypes.test((headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '')
  const domainName = `${api.id}.execute-api.local`
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath,
    rawQueryString,
    ...(cookies === undefined ? {} : { cookies: cookies.split(/;\s*/) }),
    headers,
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    ...(Object.keys(parameters).length === 0 ? {} : { pathParameters: parameters }),
    ...(Object.keys(api.stage.variables).length === 0 ? {} : { stageVariables: api.stage.variables }),
    requestContext: {
      accountId: '000000000000',
      apiId: api.id,
      domainName,
      domainPrefix: api.id,
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId,
      routeKey: route.routeKey,
      stage: api.stage.name,
      time: commonLogTime(receivedAt),
      timeEpoch: receivedAt.getTime(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  }
}

/** Names in lower case, repeated ones joined by a comma; cookies apart. */
function headersOf({ rawHeaders, sourceIp, requestId }: HttpRequest): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    const value = rawHeaders[at + 1] ?? ''
    const key = name === 'cookie' ? 'cookies' : name
    const before = headers[key]
    headers[key] = before === undefined ? value : `${before}${key === 'cookies' ? '; ' : ','}${value}`
  }
  // API Gateway ends the connection; what describes it is not passed on.
  for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect'])
    delete headers[name]
  const forwarded = headers['x-forwarded-for']
  return {
    ...headers,
    'x-amzn-trace-id': `Root=1-${requestId.replaceAll('-', '').slice(0, 8)}-${requestId.replaceAll('-', '').slice(8, 32)}`,
    'x-forwarded-for': forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`,
    'x-forwarded-port': headers['host']?.split(':')[1] ?? '80',
    'x-forwarded-proto': 'http',
  }
}

function joined(parameters: URLSearchParams): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [name, value] of parameters) values[name] = name in values ? `${values[name]},${value}` : value
  return values
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `21/Nov/2026:03:10:00 +0000` */
export function commonLogTime(at: Date): string {
  const [date = '', time = ''] = at.toISOString().split('T')
  const [year, month, day] = date.split('-')
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`
}
