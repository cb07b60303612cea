import { ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The page names the other files by their contents, so only the page itself must be asked for anew. */
const pageName = 'index.html'
const cacheControl = { page: 'no-cache', file: 'public, max-age=31536000, immutable' } as const

/**
 * Puts the site's files into its bucket, those that are not there yet. The page goes last: whoever gets it finds all
 * that it names. Files of earlier builds stay, for pages that are still open.
 * @returns the keys that were written.
 */
export async function publishSite(client: S3Client, bucket: string, folder: string): Promise<string[]> {
  const present = await etagsOf(client, bucket)
  const keys = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted((a, b) => Number(a === pageName) - Number(b === pageName))
  const written: string[] = []
  for (const key of keys) {
    const body = readFileSync(join(folder, key))
    // The ETag of an object put in one piece under SSE-S3 is its MD5 (S3 user guide, checking object integrity).
    if (present.get(key) === `"${createHash('md5').update(body).digest('hex')}"`) continue
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: contentTypes[extname(key)] ?? 'application/octet-stream',
        CacheControl: key === pageName ? cacheControl.page : cacheControl.file,
      }),
    )
    written.push(key)
  }
  return written
}

async function etagsOf(client: S3Client, bucket: string): Promise<Map<string, string>> {
  const etags = new Map<string, string>()
  let token: string | undefined
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    )
    for (const { Key = '', ETag = '' } of page.Contents ?? []) etags.set(Key, ETag)
    token = page.NextContinuationToken
  } while (token !== undefined)
  return etags
}
