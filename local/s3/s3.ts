import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type BusEvent, ServiceError } from '../service.ts'
import type { BucketResource } from '../template/resources.ts'
import { listObjects, listVersions, xml } from './list.ts'
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listParts,
  uploadPart,
} from './multipart.ts'
import { ObjectIndex, type StoredObject } from './object-index.ts'
import { readObject } from './read-object.ts'
import type { S3Answer, S3Operation, S3Request } from './s3-request.ts'
import {
  copyObject,
  deleteObject,
  deleteObjects,
  dropFiles,
  putObject,
  type S3Context,
} from './write-object.ts'
import { xmlDocument } from './xml.ts'

export type S3 = {
  /** @throws ServiceError with S3's own code. */
  run(request: S3Request, mayDelete: (key: string) => Promise<boolean>): Promise<S3Answer>
  close(): void
}

type Options = {
  folder: string
  buckets: readonly BucketResource[]
  region: string
  now: () => Date
  publish: (event: BusEvent) => void
}

/**
 * S3 on disk: an SQLite index that says what exists and one file per version's bytes. Strong consistency,
 * conditional writes, versions, ranges and verified checksums are S3's; durability ends with the disk.
 */
export function createS3({ folder, buckets, region, now, publish }: Options): S3 {
  const bytes = join(folder, 'bytes')
  mkdirSync(bytes, { recursive: true })
  const index = new ObjectIndex(join(folder, 'index.sqlite'))
  // Bytes that a killed process had received and not yet committed, or no longer needed and not yet removed.
  const needed = index.files()
  dropFiles(
    bytes,
    readdirSync(bytes).filter((file) => !needed.has(file)),
  )
  const byName = new Map(buckets.map((bucket) => [bucket.name, bucket]))

  function changed(bucket: BucketResource, object: StoredObject, reason: string, request: S3Request): void {
    if (bucket.publishesEvents) publish(objectEvent(bucket, object, reason, request))
  }

  return {
    async run(request, mayDelete) {
      const { operation } = request
      if (operation === 'ListBuckets') {
        const Bucket = buckets.map(({ name }) => ({ Name: name, CreationDate: now().toISOString() }))
        return xml(xmlDocument('ListAllMyBucketsResult', { Buckets: { Bucket } }))
      }
      const bucket = byName.get(request.bucket)
      if (bucket === undefined)
        throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404)
      const context: S3Context = {
        index,
        folder: bytes,
        region,
        now,
        bucket,
        mayDelete,
        changed: (object, reason, request) => changed(bucket, object, reason, request),
      }
      return operations[operation](context, request)
    },
    close: () => index.close(),
  }
}

type Operation = (context: S3Context, request: S3Request) => S3Answer | Promise<S3Answer>

const headBucket: Operation = () => ({ status: 200, headers: {} })
const getObject: Operation = ({ index, folder }, request) => readObject(index, folder, request)
const listBucket: Operation = ({ index }, request) => listObjects(index, request)

const operations: Record<Exclude<S3Operation, 'ListBuckets'>, Operation> = {
  HeadBucket: headBucket,
  GetBucketLocation: ({ region }) =>
    xml(xmlDocument('LocationConstraint', {}).replace('></', `>${region}</`)),
  GetBucketVersioning: ({ bucket }) =>
    xml(xmlDocument('VersioningConfiguration', bucket.versioned ? { Status: 'Enabled' } : {})),
  ListObjects: listBucket,
  ListObjectsV2: listBucket,
  ListObjectVersions: ({ index }, request) => listVersions(index, request),
  GetObject: getObject,
  HeadObject: getObject,
  PutObject: putObject,
  CopyObject: copyObject,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
}

/** As S3 sends it to EventBridge (Amazon S3 user guide, EventBridge event message structure). */
function objectEvent(
  bucket: BucketResource,
  object: StoredObject,
  reason: string,
  request: S3Request,
): BusEvent {
  const isDeletion = reason === 'DeleteObject'
  return {
    source: 'aws.s3',
    'detail-type': isDeletion ? 'Object Deleted' : 'Object Created',
    resources: [bucket.arn],
    time: object.modifiedAt,
    detail: {
      version: '0',
      bucket: { name: bucket.name },
      object: {
        key: object.key,
        ...(isDeletion ? {} : { size: object.sizeBytes, etag: object.etag }),
        ...(object.versionId === 'null' ? {} : { 'version-id': object.versionId }),
        sequencer: Date.parse(object.modifiedAt).toString(16).padStart(18, '0').toUpperCase(),
      },
      'request-id': request.requestId,
      requester: request.requester,
      'source-ip-address': '127.0.0.1',
      reason,
      ...(isDeletion
        ? { 'deletion-type': object.isDeleteMarker ? 'Delete Marker Created' : 'Permanently Deleted' }
        : {}),
    },
  }
}
