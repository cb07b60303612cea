import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as z from 'zod'
import { ServiceError } from '../service.ts'
import type { S3Answer, S3Request } from './s3-request.ts'
import { receive } from './upload.ts'
import { answerHeaders, bodyText, commit, keptOf, type S3Context } from './write-object.ts'
import { innerOf, textOf, xmlDocument } from './xml.ts'

const partsMax = 10_000

const UploadRecord = z.object({
  bucket: z.string(),
  key: z.string(),
  headers: z.record(z.string(), z.string()),
})
const PartRecord = z.object({ md5: z.string(), sizeBytes: z.number() })

/** Each upload is a folder until it is completed or aborted: its record, and each part with its own. */
function folderOf({ folder }: S3Context, uploadId: string): string {
  if (!/^[0-9a-f]{32}$/.test(uploadId)) throw noSuchUpload()
  return join(folder, '..', 'uploads', uploadId)
}

export function createMultipartUpload(context: S3Context, request: S3Request): S3Answer {
  const uploadId = randomUUID().replaceAll('-', '')
  const folder = folderOf(context, uploadId)
  mkdirSync(folder, { recursive: true })
  const record = { bucket: request.bucket, key: request.key, headers: keptOf(request) }
  writeFileSync(join(folder, 'upload.json'), JSON.stringify(record))
  const body = xmlDocument('InitiateMultipartUploadResult', {
    Bucket: request.bucket,
    Key: request.key,
    UploadId: uploadId,
  })
  return { status: 200, headers: { 'content-type': 'application/xml' }, body }
}

export async function uploadPart(context: S3Context, request: S3Request): Promise<S3Answer> {
  const folder = open(context, request).folder
  const number = Number(request.query.get('partNumber'))
  if (!Number.isInteger(number) || number < 1 || number > partsMax)
    throw new ServiceError('InvalidArgument', `Part number must be an integer between 1 and ${partsMax}`)
  const { file, md5, sizeBytes, checksums } = await receive(folder, request.headers, request.body)
  writeFileSync(join(folder, `${number}.json`), JSON.stringify({ md5, sizeBytes }))
  await rename(join(folder, file), join(folder, `${number}.part`))
  return { status: 200, headers: { etag: `"${md5}"`, ...checksums } }
}

export async function completeMultipartUpload(context: S3Context, request: S3Request): Promise<S3Answer> {
  const { folder, record } = open(context, request)
  const parts = innerOf(await bodyText(request), 'Part').map((part) => ({
    number: Number(textOf(part, 'PartNumber')),
    etag: (textOf(part, 'ETag') ?? '').replaceAll('"', ''),
  }))
  const file = randomUUID()
  const whole = join(context.folder, file)
  const digests: Buffer[] = []
  let last = 0
  for (const { number, etag } of parts) {
    const part = readPart(folder, number)
    if (part?.md5 !== etag)
      throw new ServiceError('InvalidPart', `Part ${number} is not there with this ETag`)
    if (number <= last)
      throw new ServiceError('InvalidPartOrder', 'The list of parts is not in ascending order')
    last = number
    digests.push(Buffer.from(part.md5, 'hex'))
    await pipeline(createReadStream(join(folder, `${number}.part`)), createWriteStream(whole, { flags: 'a' }))
  }
  if (digests.length === 0)
    throw new ServiceError('MalformedXML', 'An upload is completed with at least one part')
  const etag = `${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${digests.length}`
  const { size: sizeBytes } = await stat(whole)
  const object = commit(context, request, { file, sizeBytes, etag, checksums: {}, headers: record.headers })
  rmSync(folder, { recursive: true, force: true })
  context.changed(object, 'CompleteMultipartUpload', request)
  const body = xmlDocument('CompleteMultipartUploadResult', {
    Location: `/${request.bucket}/${request.key}`,
    Bucket: request.bucket,
    Key: request.key,
    ETag: `"${etag}"`,
  })
  return { status: 200, headers: { ...answerHeaders(object), 'content-type': 'application/xml' }, body }
}

export function abortMultipartUpload(context: S3Context, request: S3Request): S3Answer {
  rmSync(open(context, request).folder, { recursive: true, force: true })
  return { status: 204, headers: {} }
}

export function listParts(context: S3Context, request: S3Request): S3Answer {
  const { folder } = open(context, request)
  const Part = []
  for (let number = 1; number <= partsMax; number++) {
    const part = readPart(folder, number)
    if (part !== undefined) Part.push({ PartNumber: number, ETag: `"${part.md5}"`, Size: part.sizeBytes })
  }
  const { bucket: Bucket, key: Key, query } = request
  const body = xmlDocument('ListPartsResult', {
    Bucket,
    Key,
    UploadId: query.get('uploadId') ?? '',
    IsTruncated: false,
    Part,
  })
  return { status: 200, headers: { 'content-type': 'application/xml' }, body }
}

function open(
  context: S3Context,
  { bucket, key, query }: S3Request,
): { folder: string; record: z.infer<typeof UploadRecord> } {
  const folder = folderOf(context, query.get('uploadId') ?? '')
  const text = readIfThere(join(folder, 'upload.json'))
  if (text === undefined) throw noSuchUpload()
  const record = UploadRecord.parse(JSON.parse(text))
  if (record.bucket !== bucket || record.key !== key) throw noSuchUpload()
  return { folder, record }
}

function readPart(folder: string, number: number): z.infer<typeof PartRecord> | undefined {
  const text = readIfThere(join(folder, `${number}.json`))
  return text === undefined ? undefined : PartRecord.parse(JSON.parse(text))
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function noSuchUpload(): ServiceError {
  return new ServiceError('NoSuchUpload', 'The specified upload does not exist.', 404)
}
