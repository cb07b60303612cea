import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { type HostLog, type LocalService, ServiceError } from '../service.ts'
import type { CredentialRegistry } from './credentials.ts'
import { readSignature } from './credentials.ts'
import type { Input } from './door.ts'
import { matchRoute } from './hosted-door.ts'
import { jsonError, type JsonRequest } from './json-calls.ts'
import { presignedFault } from './presigned.ts'
import { isQuery, queryAnswer, queryError, readQuery } from './query-calls.ts'
import type { S3Door } from './s3-door.ts'
import { xmlError } from '../s3/xml.ts'

export type Gateway = {
  endpoint: string
  /** From now on calls are answered; before they are refused as unavailable. */
  open(doors: GatewayDoors): void
  stop(): Promise<void>
}

export type GatewayDoors = {
  call(request: JsonRequest): Promise<{ status: number; body: string }>
  s3: S3Door
  /** Hosted services with REST routes, by signing name. */
  restServices: ReadonlyMap<string, LocalService>
}

/** No JSON request of the hosted services is larger: DynamoDB takes 16 MB. */
const bodyBytesMax = 20 * 1024 * 1024

/** The AWS endpoint of every worker (`AWS_ENDPOINT_URL`): who calls, which service, which action. */
export async function startGateway(credentials: CredentialRegistry, log: HostLog): Promise<Gateway> {
  let doors: GatewayDoors | undefined
  const server = createServer((incoming, outgoing) => {
    const requestId = randomUUID()
    serve(incoming, outgoing, requestId).catch((error: unknown) => {
      log('error', 'a gateway request failed', { requestId, url: incoming.url, error: String(error) })
      if (!outgoing.headersSent)
        sendJsonError(outgoing, new ServiceError('InternalServerError', String(error), 500), requestId)
      else outgoing.destroy()
    })
  })

  async function serve(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    requestId: string,
  ): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://gateway')
    const signed = readSignature(incoming.headers.authorization, url.searchParams)
    const caller = credentials.callerOf(signed?.accessKeyId ?? '')
    if (signed === undefined || caller === undefined)
      return sendJsonError(
        outgoing,
        new ServiceError(
          'UnrecognizedClientException',
          'The security token included in the request is invalid.',
          403,
        ),
        requestId,
      )
    if (doors === undefined)
      return sendJsonError(
        outgoing,
        new ServiceError('ServiceUnavailable', 'The runtime is starting', 503),
        requestId,
      )
    const fault = signed.isPresigned ? faultOf(incoming, credentials.secretOf(signed.accessKeyId)) : undefined
    if (fault !== undefined) return sendXmlError(incoming, outgoing, fault, requestId)
    if (signed.service === 's3') {
      const requester = caller.kind === 'role' ? caller.roleArn : caller.kind
      return doors.s3({ caller, requester, requestId, url }, incoming, outgoing)
    }
    try {
      if (isQuery(incoming.headers['content-type'])) {
        const call = { service: signed.service, caller, requestId }
        return sendText(outgoing, await answerQuery(doors, call, incoming), requestId)
      }
      const request = await readJsonRequest(doors, signed.service, incoming, url)
      const { status, body } = await doors.call({ ...request, caller, requestId })
      sendJson(outgoing, status, body, requestId)
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      sendJsonError(outgoing, error, requestId)
    }
  }

  return {
    endpoint: await listen(server),
    open: (given) => {
      doors = given
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the gateway has no port')
  return `http://127.0.0.1:${address.port}`
}

async function readJsonRequest(
  { restServices }: GatewayDoors,
  signedService: string,
  incoming: IncomingMessage,
  url: URL,
): Promise<Omit<JsonRequest, 'caller' | 'requestId'>> {
  const body = await readBody(incoming)
  const given = body === '' ? {} : parseObject(body)
  const header = incoming.headers['x-amz-target']
  const target = typeof header === 'string' ? header : ''
  const rest = restServices.get(signedService)
  if (rest !== undefined) {
    const matched = matchRoute(rest, incoming.method ?? '', url.pathname)
    if (matched === undefined)
      throw new ServiceError(
        'UnknownOperationException',
        `${signedService} ${incoming.method} ${url.pathname} is not offered by the local runtime`,
        404,
      )
    const input = { ...queryOf(url), ...given, ...matched.parameters }
    return { service: signedService, target, action: matched.action, input, body }
  }
  const [api = '', action = ''] = target.split('.')
  // Streams share DynamoDB's signing name and have their own target.
  const service = api.startsWith('DynamoDBStreams') ? 'dynamodbstreams' : signedService
  return {
    service,
    target,
    action: action === '' ? `${incoming.method} ${url.pathname}` : action,
    input: given,
    body,
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  if (Number(incoming.headers['content-length'] ?? 0) > bodyBytesMax)
    throw new ServiceError('RequestEntityTooLarge', 'The request is too large', 413)
  return text(incoming)
}

/** Services of the query protocol are hosted as those of JSON are: only the wire differs. */
async function answerQuery(
  doors: GatewayDoors,
  call: Pick<JsonRequest, 'service' | 'caller' | 'requestId'>,
  incoming: IncomingMessage,
): Promise<{ status: number; body: string; type: string }> {
  const type = 'text/xml'
  try {
    const { action, input } = readQuery(await readBody(incoming))
    const request = { ...call, action, input, target: `${call.service}.${action}` }
    const { status, body } = await doors.call({ ...request, body: JSON.stringify(input) })
    return { status, body: queryAnswer(request, body), type }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { ...queryError(call, error), type }
  }
}

const faultOf = (
  { method = 'GET', url = '/', headers }: IncomingMessage,
  secret = '',
): ServiceError | undefined => presignedFault({ method, target: url, headers }, secret, new Date())

/** In the words of S3: only its operations are asked for by presigned URLs. */
function sendXmlError(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { code, message, status }: ServiceError,
  requestId: string,
): void {
  // What is left of a refused body is read, so that the client gets to read the answer.
  incoming.resume()
  outgoing.writeHead(status, { 'content-type': 'application/xml', 'x-amz-request-id': requestId })
  outgoing.end(xmlError(code, message, incoming.url ?? '/', requestId))
}

function parseObject(body: string): Input {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input
  } catch {
    // Answered below.
  }
  throw new ServiceError('SerializationException', 'The body is not a JSON object')
}

function queryOf(url: URL): Input {
  const input: Input = {}
  for (const name of url.searchParams.keys()) {
    const values = url.searchParams.getAll(name)
    input[name] = values.length > 1 ? values : values[0]
  }
  return input
}

function sendJson(outgoing: ServerResponse, status: number, body: string, requestId: string): void {
  sendText(outgoing, { status, body, type: 'application/x-amz-json-1.0' }, requestId)
}

function sendText(
  outgoing: ServerResponse,
  { status, body, type }: { status: number; body: string; type: string },
  requestId: string,
): void {
  outgoing.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': requestId,
  })
  outgoing.end(body)
}

function sendJsonError(outgoing: ServerResponse, error: ServiceError, requestId: string): void {
  const { status, body, code } = jsonError(error)
  outgoing.setHeader('x-amzn-errortype', code)
  sendJson(outgoing, status, body, requestId)
}
