import { endOf, type ObjectIndex, type StoredObject } from './object-index.ts'
import type { S3Answer, S3Request } from './s3-request.ts'
import { type XmlTree, xmlDocument } from './xml.ts'

/** A page of a listing is at most this long on S3. */
const pageMax = 1000

type Page = { contents: StoredObject[]; commonPrefixes: string[]; next: string | undefined }

/** Keys after a point, those that share a part up to the delimiter rolled into one. */
function listPage(
  index: ObjectIndex,
  where: { bucket: string; prefix: string; after: string },
  delimiter: string,
  limit: number,
): Page {
  const page: Page = { contents: [], commonPrefixes: [], next: undefined }
  let { after } = where
  let last = ''
  for (;;) {
    const left = limit - page.contents.length - page.commonPrefixes.length
    const batch = index.list({ ...where, after, limit: left + 1 })
    let isRolled = false
    for (const object of batch) {
      if (page.contents.length + page.commonPrefixes.length === limit) return { ...page, next: last }
      const cut = delimiter === '' ? -1 : object.key.indexOf(delimiter, where.prefix.length)
      isRolled = cut >= 0
      if (isRolled) {
        const shared = object.key.slice(0, cut + delimiter.length)
        page.commonPrefixes.push(shared)
        last = endOf(shared)
      } else {
        page.contents.push(object)
        last = object.key
      }
      after = last
      // The rest of what it stands for is passed over by asking anew.
      if (isRolled) break
    }
    if (!isRolled) return page
  }
}

export function listObjects(index: ObjectIndex, request: S3Request): S3Answer {
  const { bucket, query, operation } = request
  const isV2 = operation === 'ListObjectsV2'
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const token = query.get('continuation-token')
  const given = isV2 ? (token === null ? query.get('start-after') : decodeToken(token)) : query.get('marker')
  const maxKeys = Math.min(Number(query.get('max-keys') ?? pageMax), pageMax)
  const page = listPage(index, { bucket, prefix, after: given ?? '' }, delimiter, maxKeys)
  // Keys with characters that XML cannot hold come through because the SDK asks for this coding.
  const coding = query.get('encoding-type') === 'url' ? encodeKey : (text: string) => text
  const tree: XmlTree = {
    Name: bucket,
    Prefix: coding(prefix),
    MaxKeys: maxKeys,
    IsTruncated: page.next !== undefined,
    ...(delimiter === '' ? {} : { Delimiter: coding(delimiter) }),
    ...(query.get('encoding-type') === 'url' ? { EncodingType: 'url' } : {}),
    ...(isV2
      ? {
          KeyCount: page.contents.length + page.commonPrefixes.length,
          ContinuationToken: token ?? undefined,
          NextContinuationToken: page.next === undefined ? undefined : encodeToken(page.next),
        }
      : { Marker: coding(given ?? ''), NextMarker: page.next === undefined ? undefined : coding(page.next) }),
    Contents: page.contents.map((object) => ({
      Key: coding(object.key),
      LastModified: object.modifiedAt,
      ETag: `"${object.etag}"`,
      Size: object.sizeBytes,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: page.commonPrefixes.map((shared) => ({ Prefix: coding(shared) })),
  }
  return xml(xmlDocument('ListBucketResult', tree))
}

export function listVersions(index: ObjectIndex, request: S3Request): S3Answer {
  const { bucket, query } = request
  const limit = Math.min(Number(query.get('max-keys') ?? pageMax), pageMax)
  const prefix = query.get('prefix') ?? ''
  const rows = index.versions({ bucket, prefix, after: query.get('key-marker') ?? '', limit: limit + 1 })
  const entry = (row: (typeof rows)[number]): XmlTree => ({
    Key: row.key,
    VersionId: row.versionId,
    IsLatest: row.isLatest,
    LastModified: row.modifiedAt,
    ...(row.isDeleteMarker ? {} : { ETag: `"${row.etag}"`, Size: row.sizeBytes, StorageClass: 'STANDARD' }),
  })
  // A page ends between two keys, so that the marker needs no version.
  const over = rows[limit]?.key
  const page = rows.slice(0, limit).filter(({ key }) => key !== over)
  return xml(
    xmlDocument('ListVersionsResult', {
      Name: bucket,
      Prefix: prefix,
      MaxKeys: limit,
      IsTruncated: rows.length > limit,
      NextKeyMarker: rows.length > limit ? page.at(-1)?.key : undefined,
      Version: page.filter(({ isDeleteMarker }) => !isDeleteMarker).map(entry),
      DeleteMarker: page.filter(({ isDeleteMarker }) => isDeleteMarker).map(entry),
    }),
  )
}

export function xml(body: string): S3Answer {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body }
}

function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/')
}

function encodeToken(key: string): string {
  return Buffer.from(key).toString('base64url')
}

function decodeToken(token: string): string {
  return Buffer.from(token, 'base64url').toString()
}
