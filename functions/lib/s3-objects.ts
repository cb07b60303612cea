import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from './s3-sdk.ts'
import { AppError } from '../../shared/errors.ts'
import type { ObjectStore } from '../../shared/objects.ts'
import { available } from './unavailable.ts'

/** S3 answers 503 while it spreads a burst over more partitions: three attempts, the default, are soon used up. */
const maxAttempts = 6

/** Objects of one bucket. */
export function s3Objects(bucket: string): ObjectStore {
  const client = new S3Client({
    maxAttempts,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 30_000 },
  })
  return {
    async get(key) {
      try {
        return await available('S3', async () => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
          return Body?.transformToByteArray()
        })
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    async put(key, body, { contentType } = {}) {
      const type = contentType === undefined ? {} : { ContentType: contentType }
      const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...type })
      await available('S3', () => client.send(command))
    },
    async exists(key) {
      try {
        await available('S3', () => client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })))
        return true
      } catch (error) {
        if (isMissing(error)) return false
        throw error
      }
    },
    list: (prefix) => listObjects(client, bucket, prefix),
    delete: (keys) => deleteObjects(client, bucket, keys),
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const deletedAtOnceMax = 1000

async function deleteObjects(client: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += deletedAtOnceMax) {
    const Objects = keys.slice(start, start + deletedAtOnceMax).map((Key) => ({ Key }))
    const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } })
    const { Errors = [] } = await available('S3', () => client.send(command))
    // The answer is a 200 all the same: each key has an error of its own.
    const [first] = Errors
    if (first === undefined) continue
    const isBusy = first.Code === 'SlowDown' || first.Code === 'InternalError'
    const what = `${Errors.length} of ${Objects.length} objects were not deleted: ${first.Code} for ${first.Key}`
    throw new AppError(isBusy ? 'unavailable' : 'internal', what)
  }
}

async function* listObjects(
  client: S3Client,
  bucket: string,
  prefix: string,
): AsyncIterable<{ key: string; bytes: number }> {
  let token: string | undefined
  do {
    const command: ListObjectsV2Command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      ...(token === undefined ? {} : { ContinuationToken: token }),
    })
    const page = await available('S3', () => client.send(command))
    for (const { Key, Size } of page.Contents ?? [])
      if (Key !== undefined) yield { key: Key, bytes: Size ?? 0 }
    token = page.NextContinuationToken
  } while (token !== undefined)
}

/** HeadObject has no body, so its error has no better name than NotFound. */
const missingNames = new Set(['NoSuchKey', 'NotFound'])
const isMissing = (error: unknown): boolean => error instanceof Error && missingNames.has(error.name)
