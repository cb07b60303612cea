import { createHash, type Hash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { ServiceError } from '../service.ts'
import { decodeChunked } from './chunked.ts'

/** A body as it was received: in its file, not yet an object. */
export type Upload = { file: string; sizeBytes: number; md5: string; checksums: Record<string, string> }

/** What a single PUT may carry on S3. */
const putBytesMax = 5 * 1024 ** 3

type Checksum = { name: string; update: (chunk: Buffer) => void; value: () => string }

/**
 * Streams a body to a new file and verifies every checksum that came with it, in a header or as a trailer.
 * @throws ServiceError BadDigest, IncompleteBody, EntityTooLarge: nothing is left behind then.
 */
export async function receive(
  folder: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: Readable,
): Promise<Upload> {
  const file = randomUUID()
  const path = join(folder, file)
  try {
    return { file, ...(await write(path, headers, body)) }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

async function write(
  path: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: Readable,
): Promise<Omit<Upload, 'file'>> {
  const trailers: Record<string, string> = {}
  const isChunked = (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-')
  const content = isChunked ? decodeChunked(body, trailers) : body
  const expectedBytes = Number(
    headers['x-amz-decoded-content-length'] ?? headers['content-length'] ?? Number.NaN,
  )
  const md5 = createHash('md5')
  const checksums = [
    crc32Checksum(),
    ...['sha256', 'sha1'].map((name) => hashChecksum(name, createHash(name))),
  ]
  // Only what the request names is worth the time.
  const names = `${headers['x-amz-trailer'] ?? ''} ${Object.keys(headers).join(' ')}`
  const wanted = checksums.filter(({ name }) => names.includes(`x-amz-checksum-${name}`))
  let sizeBytes = 0
  await pipeline(
    content,
    async function* measure(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        sizeBytes += chunk.length
        if (sizeBytes > putBytesMax) throw new ServiceError('EntityTooLarge', 'A single PUT is at most 5 GiB')
        md5.update(chunk)
        for (const checksum of wanted) checksum.update(chunk)
        yield chunk
      }
    },
    createWriteStream(path, { flags: 'wx' }),
  )
  if (!Number.isNaN(expectedBytes) && expectedBytes !== sizeBytes)
    throw new ServiceError('IncompleteBody', `${sizeBytes} bytes came, ${expectedBytes} were announced`)
  const digest = md5.digest()
  const given = headers['content-md5']
  if (given !== undefined && given !== digest.toString('base64')) throw badDigest('content-md5')
  return { sizeBytes, md5: digest.toString('hex'), checksums: verified(wanted, { ...headers, ...trailers }) }
}

function verified(
  computed: readonly Checksum[],
  given: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const checksums: Record<string, string> = {}
  for (const { name, value } of computed) {
    const header = `x-amz-checksum-${name}`
    if (given[header] === undefined) continue
    if (given[header] !== value()) throw badDigest(header)
    checksums[header] = given[header]
  }
  return checksums
}

function badDigest(what: string): ServiceError {
  return new ServiceError('BadDigest', `The ${what} you specified did not match what we received.`)
}

function crc32Checksum(): Checksum {
  let sum = 0
  return {
    name: 'crc32',
    update: (chunk) => {
      sum = crc32(chunk, sum)
    },
    value: () => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(sum)
      return bytes.toString('base64')
    },
  }
}

function hashChecksum(name: string, hash: Hash): Checksum {
  let value: string | undefined
  return {
    name,
    update: (chunk) => hash.update(chunk),
    value: () => (value ??= hash.digest('base64')),
  }
}
