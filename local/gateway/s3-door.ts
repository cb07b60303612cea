import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { S3 } from '../s3/s3.ts'
import { operationOf, type S3Answer, type S3Request, s3Needs, splitPath } from '../s3/s3-request.ts'
import { xmlError } from '../s3/xml.ts'
import { type Caller, type Faults, type Host, type Need, ServiceError } from '../service.ts'
import type { BucketResource } from '../template/resources.ts'
import { type Authorizer, denialMessage } from './authorizer.ts'

export type S3Door = (call: S3Call, incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>
type S3Call = { caller: Caller; requester: string; requestId: string; url: URL }

type Options = {
  s3: S3
  buckets: readonly BucketResource[]
  authorizer: Authorizer
  faults: Faults
  denied: (caller: Caller, need: Need) => void
  used: Host['used']
}

const readingOperations = new Set(['GetObject', 'HeadObject'])
const writingOperations = new Set(['PutObject', 'CopyObject', 'UploadPart', 'CreateMultipartUpload'])

/** The S3 side of the gateway: REST and XML in, authorised, faults injected, bodies streamed both ways. */
export function createS3Door(options: Options): S3Door {
  const { s3, faults, authorizer, used } = options
  return async (call, incoming, outgoing) => {
    const { pathname, searchParams: query } = call.url
    try {
      const { bucket, key } = splitPath(pathname)
      const headers = headersOf(incoming)
      const isCopy = headers['x-amz-copy-source'] !== undefined
      const operation = operationOf(incoming.method ?? 'GET', { bucket, key }, query, isCopy)
      const { requestId, requester } = call
      const request: S3Request = {
        operation,
        bucket,
        key,
        query,
        headers,
        body: incoming,
        requestId,
        requester,
      }
      await authorize(options, call.caller, request)
      const effect = faults.take('s3', operation, pathname)
      if (effect?.kind === 'delay') await sleep(effect.delayMs)
      if (effect?.kind === 'throttle')
        throw new ServiceError('SlowDown', 'Please reduce your request rate.', 503)
      if (effect?.kind === 'error')
        throw new ServiceError(effect.code, effect.message ?? 'injected', effect.status)
      const mayDelete = (key: string): Promise<boolean> =>
        authorizer.isAllowed(call.caller, {
          action: 's3:DeleteObject',
          resource: `arn:aws:s3:::${bucket}/${key}`,
        })
      const answer = await runHidden(options, call.caller, request, () => s3.run(request, mayDelete))
      const input = { Bucket: bucket, Key: key }
      used({ kind: 'call', caller: call.caller, service: 's3', action: operation, input })
      if (effect?.kind === 'applied_but_failed')
        throw new ServiceError('InternalError', 'The answer was lost (injected)', 500)
      await send(outgoing, answer, requestId)
    } catch (error) {
      if (outgoing.headersSent) outgoing.destroy()
      else sendError(incoming, outgoing, call, error)
    }
  }
}

async function authorize(
  { authorizer, buckets, denied }: Options,
  caller: Caller,
  request: S3Request,
): Promise<void> {
  const key = buckets.find(({ name }) => name === request.bucket)?.encryptionKeyArn
  const needs = s3Needs(request)
  // With SSE-KMS S3 uses the key in the caller's name (S3 user guide, using SSE-KMS).
  if (key !== undefined && readingOperations.has(request.operation))
    needs.push({ action: 'kms:Decrypt', resource: key })
  if (key !== undefined && writingOperations.has(request.operation))
    needs.push({ action: 'kms:GenerateDataKey', resource: key })
  for (const need of needs) {
    if (await authorizer.isAllowed(caller, need)) continue
    denied(caller, need)
    throw new ServiceError('AccessDenied', denialMessage(caller, need), 403)
  }
}

/** Whether an object is missing is told only to those who may list the bucket: 403 for the others, as on S3. */
async function runHidden(
  { authorizer, denied }: Options,
  caller: Caller,
  request: S3Request,
  run: () => Promise<S3Answer>,
): Promise<S3Answer> {
  try {
    return await run()
  } catch (error) {
    if (
      !(error instanceof ServiceError) ||
      error.code !== 'NoSuchKey' ||
      !readingOperations.has(request.operation)
    )
      throw error
    const need = { action: 's3:ListBucket', resource: `arn:aws:s3:::${request.bucket}` }
    if (await authorizer.isAllowed(caller, need)) throw error
    denied(caller, need)
    throw Object.assign(new ServiceError('AccessDenied', denialMessage(caller, need), 403), { cause: error })
  }
}

async function send(outgoing: ServerResponse, answer: S3Answer, requestId: string): Promise<void> {
  const { status, headers, body } = answer
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value)
  outgoing.setHeader('x-amz-request-id', requestId)
  if (typeof body === 'string') outgoing.setHeader('content-length', Buffer.byteLength(body))
  outgoing.writeHead(status)
  if (body instanceof Readable) await pipeline(body, outgoing)
  else outgoing.end(body)
}

function sendError(incoming: IncomingMessage, outgoing: ServerResponse, call: S3Call, error: unknown): void {
  const known = error instanceof ServiceError ? error : new ServiceError('InternalError', String(error), 500)
  const body = xmlError(known.code, known.message, call.url.pathname, call.requestId)
  // What is left of a refused body is read, so that the client gets to read the answer.
  incoming.resume()
  outgoing.setHeader('content-type', 'application/xml')
  outgoing.setHeader('x-amz-request-id', call.requestId)
  outgoing.setHeader('content-length', Buffer.byteLength(body))
  outgoing.writeHead(known.status)
  outgoing.end(incoming.method === 'HEAD' ? undefined : body)
}

function headersOf(incoming: IncomingMessage): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(incoming.headers))
    headers[name] = Array.isArray(value) ? value.join(',') : value
  return headers
}
