import { randomUUID } from 'node:crypto'
import { linkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { ServiceError } from '../service.ts'
import type { BucketResource } from '../template/resources.ts'
import type { ObjectIndex, StoredObject } from './object-index.ts'
import { findObject, headersOf, namesEtag } from './read-object.ts'
import { copySource, type S3Answer, type S3Request } from './s3-request.ts'
import { receive, type Upload } from './upload.ts'
import { innerOf, textOf, type XmlTree, xmlDocument } from './xml.ts'

/** What writing works on: one bucket, the index, the folder of the bytes. */
export type S3Context = {
  index: ObjectIndex
  folder: string
  region: string
  now: () => Date
  bucket: BucketResource
  /** Tells the bus; the object is committed by then. */
  changed: (object: StoredObject, reason: string, request: S3Request) => void
  /** Whether the caller may do something to one key. */
  mayDelete: (key: string) => Promise<boolean>
}

/** Headers kept with an object and given back with it. */
const keptHeaders =
  /^(content-type|content-encoding|content-disposition|content-language|cache-control|expires|x-amz-meta-.*)$/
const keysPerDeleteMax = 1000
const deleteBodyCharactersMax = 2_000_000

export async function putObject(context: S3Context, request: S3Request): Promise<S3Answer> {
  const upload = await receive(context.folder, request.headers, request.body)
  const object = commit(context, request, { ...upload, etag: upload.md5, headers: keptOf(request) })
  context.changed(object, 'PutObject', request)
  return { status: 200, headers: { ...answerHeaders(object), ...upload.checksums } }
}

export function copyObject(context: S3Context, request: S3Request): S3Answer {
  const { bucket, key, versionId } = copySource(request.headers['x-amz-copy-source'] ?? '')
  const query = new URLSearchParams(versionId === undefined ? {} : { versionId })
  const source = findObject(context.index, { bucket, key, query })
  const file = randomUUID()
  // Bytes never change, so a second name for them is a copy.
  linkSync(join(context.folder, source.file), join(context.folder, file))
  const replaces = request.headers['x-amz-metadata-directive'] === 'REPLACE'
  const { sizeBytes, etag } = source
  const headers = replaces ? keptOf(request) : source.headers
  const object = commit(context, request, { file, sizeBytes, etag, checksums: {}, headers })
  context.changed(object, 'CopyObject', request)
  const body = xmlDocument('CopyObjectResult', { ETag: `"${etag}"`, LastModified: object.modifiedAt })
  return { status: 200, headers: { ...answerHeaders(object), 'content-type': 'application/xml' }, body }
}

/** Makes a received file the object, if the conditions of the request hold at this moment. */
export function commit(
  context: S3Context,
  { key, headers: conditions }: Pick<S3Request, 'key' | 'headers'>,
  upload: Omit<Upload, 'md5'> & { etag: string; headers: Record<string, string> },
): StoredObject {
  const { index, bucket, folder } = context
  const current = index.latest(bucket.name, key)
  const present = current?.isDeleteMarker === false ? current : undefined
  const { 'if-none-match': ifNoneMatch, 'if-match': ifMatch } = conditions
  const refuse = (code: string, status: number): never => {
    rmSync(join(folder, upload.file), { force: true })
    throw new ServiceError(code, 'At least one of the pre-conditions you specified did not hold', status)
  }
  if (ifNoneMatch !== undefined && present !== undefined && namesEtag(ifNoneMatch, present.etag))
    refuse('PreconditionFailed', 412)
  if (ifMatch !== undefined && present === undefined) refuse('NoSuchKey', 404)
  if (ifMatch !== undefined && present !== undefined && !namesEtag(ifMatch, present.etag))
    refuse('PreconditionFailed', 412)
  const object: StoredObject = {
    bucket: bucket.name,
    key,
    versionId: bucket.versioned ? randomUUID().replaceAll('-', '') : 'null',
    isDeleteMarker: false,
    sizeBytes: upload.sizeBytes,
    etag: upload.etag,
    modifiedAt: context.now().toISOString(),
    headers: { ...upload.headers, ...upload.checksums },
    file: upload.file,
  }
  dropFiles(folder, index.add(object, bucket.versioned))
  return object
}

export function deleteObject(context: S3Context, request: S3Request): S3Answer {
  const versionId = request.query.get('versionId') ?? undefined
  const marker = remove(context, request, versionId)
  return { status: 204, headers: marker }
}

/** Removes a version, the object, or (in a versioned bucket) puts a delete marker before it. */
function remove(
  { index, folder, bucket, now, changed }: S3Context,
  request: S3Request,
  versionId: string | undefined,
): Record<string, string> {
  const { key } = request
  const current =
    versionId === undefined ? index.latest(bucket.name, key) : index.version(bucket.name, key, versionId)
  if (bucket.versioned && versionId === undefined) {
    const marker: StoredObject = {
      bucket: bucket.name,
      key,
      versionId: randomUUID().replaceAll('-', ''),
      isDeleteMarker: true,
      sizeBytes: 0,
      etag: '',
      modifiedAt: now().toISOString(),
      headers: {},
      file: '',
    }
    index.add(marker, true)
    changed(marker, 'DeleteObject', request)
    return { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.versionId }
  }
  dropFiles(folder, index.remove(bucket.name, key, versionId))
  if (current !== undefined) changed(current, 'DeleteObject', request)
  return versionId === undefined ? {} : { 'x-amz-version-id': versionId }
}

export async function deleteObjects(context: S3Context, request: S3Request): Promise<S3Answer> {
  const body = await bodyText(request)
  const entries = innerOf(body, 'Object').map((entry) => ({
    Key: textOf(entry, 'Key') ?? '',
    VersionId: textOf(entry, 'VersionId'),
  }))
  if (entries.length > keysPerDeleteMax)
    throw new ServiceError('MalformedXML', 'At most 1000 keys can be deleted at once')
  const deleted: XmlTree[] = []
  const errors: XmlTree[] = []
  for (const { Key, VersionId } of entries) {
    if (await context.mayDelete(Key)) {
      remove(context, { ...request, key: Key }, VersionId)
      deleted.push({ Key, VersionId })
    } else errors.push({ Key, VersionId, Code: 'AccessDenied', Message: 'Access Denied' })
  }
  const isQuiet = textOf(body, 'Quiet') === 'true'
  const tree = { Deleted: isQuiet ? [] : deleted, Error: errors }
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlDocument('DeleteResult', tree),
  }
}

export async function bodyText({ headers, body }: S3Request): Promise<string> {
  if (Number(headers['content-length'] ?? 0) > deleteBodyCharactersMax)
    throw new ServiceError('MalformedXML', 'The XML you provided is too long')
  return text(body)
}

export function keptOf({ headers }: Pick<S3Request, 'headers'>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && keptHeaders.test(name)) kept[name] = value
  // The coding of the transfer is not one of the object's.
  const coding = kept['content-encoding']
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked')
  if (coding !== undefined) {
    if (coding.length === 0) delete kept['content-encoding']
    else kept['content-encoding'] = coding.join(',')
  }
  return kept
}

export function answerHeaders(object: StoredObject): Record<string, string> {
  const { etag, 'x-amz-version-id': version } = headersOf(object)
  return { etag: etag ?? '', ...(version === undefined ? {} : { 'x-amz-version-id': version }) }
}

export function dropFiles(folder: string, files: readonly string[]): void {
  for (const file of files) rmSync(join(folder, file), { force: true })
}
