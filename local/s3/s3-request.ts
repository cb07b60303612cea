import type { Readable } from 'node:stream'
import { type Need, ServiceError } from '../service.ts'

export type S3Operation =
  | 'ListBuckets'
  | 'HeadBucket'
  | 'GetBucketLocation'
  | 'GetBucketVersioning'
  | 'ListObjects'
  | 'ListObjectsV2'
  | 'ListObjectVersions'
  | 'DeleteObjects'
  | 'GetObject'
  | 'HeadObject'
  | 'PutObject'
  | 'CopyObject'
  | 'DeleteObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts'

export type S3Request = {
  operation: S3Operation
  bucket: string
  key: string
  query: URLSearchParams
  headers: Readonly<Record<string, string | undefined>>
  body: Readable
  requestId: string
  /** Who asks, for the event. */
  requester: string
}

export type S3Answer = { status: number; headers: Record<string, string>; body?: string | Readable }

/** Sub-resources of a bucket or object that are other operations than reading and writing it. */
const offered = new Set(['uploads', 'uploadId', 'delete', 'location', 'versioning', 'versions'])
const known = [
  'acl',
  'tagging',
  'policy',
  'lifecycle',
  'cors',
  'encryption',
  'notification',
  'retention',
  'legal-hold',
]
const others = [
  ...known,
  'attributes',
  'object-lock',
  'replication',
  'website',
  'logging',
  'restore',
  'select',
  'torrent',
]

type Door = Partial<Record<string, S3Operation>>

const onBucket: Record<string, Door> = {
  GET: { location: 'GetBucketLocation', versioning: 'GetBucketVersioning', versions: 'ListObjectVersions' },
  HEAD: { '': 'HeadBucket' },
  POST: { delete: 'DeleteObjects' },
}
const onObject: Record<string, Door> = {
  GET: { '': 'GetObject', uploadId: 'ListParts' },
  HEAD: { '': 'HeadObject' },
  PUT: { '': 'PutObject', uploadId: 'UploadPart' },
  POST: { uploads: 'CreateMultipartUpload', uploadId: 'CompleteMultipartUpload' },
  DELETE: { '': 'DeleteObject', uploadId: 'AbortMultipartUpload' },
}

/**
 * Which operation a path-style request is.
 * @throws ServiceError NotImplemented for what the local S3 does not offer.
 */
export function operationOf(
  method: string,
  { bucket, key }: { bucket: string; key: string },
  query: URLSearchParams,
  isCopy: boolean,
): S3Operation {
  const resource = [...query.keys()].find((name) => offered.has(name) || others.includes(name)) ?? ''
  if (bucket === '' && method === 'GET') return 'ListBuckets'
  if (key === '' && method === 'GET' && resource === '')
    return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects'
  const operation = (key === '' ? onBucket : onObject)[method]?.[resource]
  if (operation === undefined || (isCopy && operation === 'UploadPart'))
    throw new ServiceError(
      'NotImplemented',
      `The local S3 does not offer ${method} ${resource || 'here'}`,
      501,
    )
  return operation === 'PutObject' && isCopy ? 'CopyObject' : operation
}

/** `/bucket/key` with the key decoded. */
export function splitPath(path: string): { bucket: string; key: string } {
  const [, bucket = '', ...rest] = path.split('/')
  return { bucket, key: decodeURIComponent(rest.join('/')) }
}

/** The source of a copy: `/bucket/key?versionId=…`, encoded or not. */
export function copySource(header: string): { bucket: string; key: string; versionId: string | undefined } {
  const [path = '', query = ''] = header.split('?')
  const { bucket, key } = splitPath(path.startsWith('/') ? path : `/${path}`)
  return { bucket, key, versionId: new URLSearchParams(query).get('versionId') ?? undefined }
}

/** The permissions of an operation (Amazon S3 user guide, required permissions for S3 API operations). */
export function s3Needs(request: Omit<S3Request, 'body'>): Need[] {
  const { operation, bucket, key, query, headers } = request
  const bucketArn = `arn:aws:s3:::${bucket}`
  const objectArn = `${bucketArn}/${key}`
  const withVersion = query.has('versionId') ? 'Version' : ''
  switch (operation) {
    case 'ListBuckets':
      return [{ action: 's3:ListAllMyBuckets', resource: '*' }]
    case 'GetBucketLocation':
    case 'GetBucketVersioning':
      return [{ action: `s3:${operation}`, resource: bucketArn }]
    case 'HeadBucket':
      return [{ action: 's3:ListBucket', resource: bucketArn }]
    case 'ListObjects':
    case 'ListObjectsV2':
      return [listNeed('s3:ListBucket', bucketArn, query)]
    case 'ListObjectVersions':
      return [listNeed('s3:ListBucketVersions', bucketArn, query)]
    case 'GetObject':
    case 'HeadObject':
      return [{ action: `s3:GetObject${withVersion}`, resource: objectArn }]
    case 'DeleteObject':
      return [{ action: `s3:DeleteObject${withVersion}`, resource: objectArn }]
    case 'CopyObject': {
      const source = copySource(headers['x-amz-copy-source'] ?? '')
      const action = source.versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion'
      return [
        { action, resource: `arn:aws:s3:::${source.bucket}/${source.key}` },
        { action: 's3:PutObject', resource: objectArn },
      ]
    }
    case 'PutObject':
    case 'CreateMultipartUpload':
    case 'UploadPart':
    case 'CompleteMultipartUpload':
      return [{ action: 's3:PutObject', resource: objectArn }]
    case 'AbortMultipartUpload':
      return [{ action: 's3:AbortMultipartUpload', resource: objectArn }]
    case 'ListParts':
      return [{ action: 's3:ListMultipartUploadParts', resource: objectArn }]
    case 'DeleteObjects':
      break
  }
  // The keys of a DeleteObjects are checked one by one: one that is denied fails alone.
  return []
}

function listNeed(action: string, resource: string, query: URLSearchParams): Need {
  const context: Record<string, string> = {}
  for (const name of ['prefix', 'delimiter', 'max-keys']) {
    const value = query.get(name)
    if (value !== null) context[`s3:${name}`] = value
  }
  return { action, resource, context }
}
