import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from './s3-sdk.ts'
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
