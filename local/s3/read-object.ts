import { createReadStream, openSync } from 'node:fs'
import { join } from 'node:path'
import { ServiceError } from '../service.ts'
import type { ObjectIndex, StoredObject } from './object-index.ts'
import type { S3Answer, S3Request } from './s3-request.ts'

/** Query parameters by which a (presigned) GET sets headers of its answer. */
const overrides = [
  'content-type',
  'content-disposition',
  'cache-control',
  'content-encoding',
  'content-language',
  'expires',
]

type Span = { start: number; end: number }

/** GetObject and HeadObject, with ranges and conditions. */
export function readObject(index: ObjectIndex, folder: string, request: S3Request): S3Answer {
  const object = findObject(index, request)
  const { headers, query, operation } = request
  const refused = refusal(object, headers)
  if (refused !== undefined) return { status: refused, headers: headersOf(object) }
  const span = spanOf(headers['range'], object.sizeBytes)
  const answer: S3Answer = {
    status: span === undefined ? 200 : 206,
    headers: {
      ...headersOf(object),
      'accept-ranges': 'bytes',
      'content-length': String(span === undefined ? object.sizeBytes : span.end - span.start + 1),
      ...(span === undefined
        ? {}
        : { 'content-range': `bytes ${span.start}-${span.end}/${object.sizeBytes}` }),
    },
  }
  // A checksum is of the whole object: it would contradict a part of it.
  if (span !== undefined || headers['x-amz-checksum-mode']?.toUpperCase() !== 'ENABLED') {
    for (const name of Object.keys(answer.headers))
      if (name.startsWith('x-amz-checksum-')) delete answer.headers[name]
  }
  for (const name of overrides) {
    const value = query.get(`response-${name}`)
    if (value !== null) answer.headers[name] = value
  }
  if (operation === 'HeadObject' || object.sizeBytes === 0) return answer
  // Opened now: a later overwrite removes the file's name, not the bytes being read.
  const fd = openSync(join(folder, object.file), 'r')
  return { ...answer, body: createReadStream('', { fd, ...span }) }
}

/** @throws ServiceError NoSuchKey, NoSuchVersion, MethodNotAllowed as S3 does. */
export function findObject(
  index: ObjectIndex,
  { bucket, key, query }: Pick<S3Request, 'bucket' | 'key' | 'query'>,
): StoredObject {
  const versionId = query.get('versionId')
  if (versionId === null) {
    const object = index.latest(bucket, key)
    if (object !== undefined && !object.isDeleteMarker) return object
    throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404)
  }
  const object = index.version(bucket, key, versionId)
  if (object === undefined)
    throw new ServiceError('NoSuchVersion', 'The specified version does not exist.', 404)
  if (object.isDeleteMarker)
    throw new ServiceError('MethodNotAllowed', 'The version is a delete marker.', 405)
  return object
}

export function headersOf(object: StoredObject): Record<string, string> {
  return {
    'content-type': 'binary/octet-stream',
    ...object.headers,
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modifiedAt).toUTCString(),
    ...(object.versionId === 'null' ? {} : { 'x-amz-version-id': object.versionId }),
  }
}

/** Whether an ETag header (`*`, one, or a list) names this ETag. */
export function namesEtag(header: string, etag: string): boolean {
  return header
    .split(',')
    .some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '').replaceAll('"', '')))
}

function refusal(object: StoredObject, headers: S3Request['headers']): 304 | 412 | undefined {
  const ifMatch = headers['if-match']
  if (ifMatch !== undefined && !namesEtag(ifMatch, object.etag)) return 412
  const ifNoneMatch = headers['if-none-match']
  if (ifNoneMatch !== undefined) return namesEtag(ifNoneMatch, object.etag) ? 304 : undefined
  const since = headers['if-modified-since']
  const seconds = (at: string): number => Math.floor(Date.parse(at) / 1000)
  return since !== undefined && seconds(object.modifiedAt) <= seconds(since) ? 304 : undefined
}

function spanOf(range: string | undefined, sizeBytes: number): Span | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? []
  if (from === '' && to === '') return undefined
  const start = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from)
  const end = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1)
  if (start > end) throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', 416)
  return { start, end }
}
