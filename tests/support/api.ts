import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { areas } from '../../shared/areas.ts'
import { openSealer } from '../../shared/backups/keyring.ts'
import { createAdmin } from '../../shared/users/create-admin.ts'
import { judgeBy, type Document } from './conformance.ts'
import { keyServiceOf } from './key-service.ts'
import { startTable, type TestTable } from './table.ts'

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>

export type Json = Record<string, unknown>
/** An object as it is shown, or a problem. */
export type Shown = Json & { id: number; name: string; url: string; _version: number }
type Answer<T = Shown> = { status: number; headers: Record<string, string>; body: T }
type Call = {
  body?: unknown
  headers?: Record<string, string>
  /** Another token, or none. */
  token?: string | null
  sourceIp?: string
}

export type TestApi = {
  served: TestTable
  token: string
  call<T = Shown>(method: string, url: string, call?: Call): Promise<Answer<T>>
  stop(): Promise<void>
}

/** Git and Oxidized answer their own clients, at addresses of their own. */
const areaFiles = Object.values(areas).flatMap(({ name, bases }) => (bases[0] === `/${name}` ? [] : [name]))

/** The real handlers over a real table, called with events as API Gateway makes them. */
export async function startApi(): Promise<TestApi> {
  const served = await startTable()
  Object.assign(process.env, {
    NETKEEP_TABLE: served.name,
    AWS_ENDPOINT_URL_DYNAMODB: served.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  })
  // Loaded after the environment stands, as in a Lambda.
  const loaded = await Promise.all(
    areaFiles.map(async (area) => [area, await import(`../../functions/api/${area}.ts`)] as const),
  )
  const handlers = new Map<string, Handler>(loaded.map(([area, { handler }]) => [area, handler as Handler]))
  const token = await createAdmin({ table: served.table, now: () => new Date() }, 'admin')
  const send = async <T>(
    method: string,
    url: string,
    { token: given, ...rest }: Call = {},
  ): Promise<Answer<T>> => {
    const sent = given === undefined ? token : given
    const event = eventOf(method, url, { ...rest, token: sent })
    const area = /^\/api\/(?:plugins\/)?([a-z]+)(?:\/|$)/.exec(event.rawPath)?.[1] ?? 'system'
    const handler = handlers.get(area) ?? handlers.get('system')
    if (handler === undefined) throw new Error('no handler')
    const { statusCode = 200, headers = {}, body } = await handler(event, {} as Context)
    const isJson = /json/.test(String(headers['content-type']))
    return {
      status: statusCode,
      headers: headers as Record<string, string>,
      body: (body ? (isJson ? JSON.parse(body) : body) : undefined) as T,
    }
  }
  // Without KMS: secrets are sealed by the public key that lies in the table.
  await openSealer(served.table, keyServiceOf())
  const schema = await send<Document>('GET', '/api/schema/')
  const judge = judgeBy(schema.body)
  // Every answer of every suite is held against the API's own document.
  const call: TestApi['call'] = async <T>(method: string, url: string, given: Call = {}) => {
    const answer = await send<T>(method, url, given)
    const complaint = judge({ method, url }, answer)
    if (complaint !== undefined)
      throw new Error(`${method} ${url} answered ${answer.status}, not as the schema says: ${complaint}`)
    return answer
  }
  return { served, token, call, stop: () => served.stop() }
}

function eventOf(method: string, url: string, call: Call = {}): APIGatewayProxyEventV2 {
  const { pathname, searchParams, host } = new URL(url, 'http://netkeep.test')
  const { body, token, sourceIp = '192.0.2.1' } = call
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const headers = {
    host,
    'x-forwarded-proto': 'http',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === null || token === undefined ? {} : { authorization: `Token ${token}` }),
    ...call.headers,
  }
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: searchParams.toString(),
    headers,
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: host,
      domainPrefix: 'test',
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp, userAgent: 'test' },
      requestId: 'test',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    ...(text === undefined ? {} : { body: text }),
    isBase64Encoded: false,
  }
}
