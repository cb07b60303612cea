import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** What DynamoDB answered, untouched: the gateway passes it on as it is. */
export type JsonAnswer = { status: number; body: string }

export type DynamoDbClient = {
  /** @param target as in x-amz-target, for example `DynamoDB_20120810.PutItem`. */
  send(target: string, body: string): Promise<JsonAnswer>
  close(): void
}

/** dynoxide wants a signed request and does not verify the signature; the gateway has checked the caller. */
const authorization =
  'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0'

export function createDynamoDbClient(endpoint: string): DynamoDbClient {
  const agent = new Agent({ keepAlive: true })
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-date': '20260101T000000Z',
    authorization,
  }
  const send = (target: string, body: string): Promise<JsonAnswer> =>
    new Promise((resolve, reject) => {
      const length = Buffer.byteLength(body)
      const options = {
        method: 'POST',
        agent,
        headers: { ...headers, 'x-amz-target': target, 'content-length': length },
      }
      const outgoing = request(endpoint, options, (answer) => {
        text(answer).then((body) => resolve({ status: answer.statusCode ?? 500, body }), reject)
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  return { send, close: () => agent.destroy() }
}
