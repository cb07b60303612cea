import type { Readable } from 'node:stream'
import { ServiceError } from '../service.ts'

/** A chunk's size line with its signature is short; the trailers are a few headers. */
const lineBytesMax = 4096

/**
 * The aws-chunked coding of streaming uploads: `<hex size>[;chunk-signature=…]CRLF <bytes> CRLF`, ended by a chunk
 * of size 0 and trailers (Amazon S3 API reference, signature calculations with trailing headers).
 * Signatures are not verified; trailing checksums are, by the receiver.
 */
export async function* decodeChunked(
  body: Readable,
  trailers: Record<string, string>,
): AsyncGenerator<Buffer> {
  const reader = createReader(body)
  for (;;) {
    const sizeLine = await reader.line()
    const size = Number.parseInt(sizeLine.split(';')[0] ?? '', 16)
    if (Number.isNaN(size)) throw new ServiceError('InvalidRequest', 'The aws-chunked body is malformed')
    if (size === 0) break
    yield* reader.bytes(size)
    if ((await reader.line()) !== '')
      throw new ServiceError('InvalidRequest', 'A chunk is longer than it says')
  }
  for (;;) {
    const line = await reader.line()
    const colon = line.indexOf(':')
    if (colon < 0) return
    trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
}

type Reader = { line(): Promise<string>; bytes(count: number): AsyncGenerator<Buffer> }

function createReader(body: Readable): Reader {
  const source = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let held: Buffer = Buffer.alloc(0)
  const more = async (): Promise<boolean> => {
    const next = await source.next()
    if (next.done !== true) held = held.length === 0 ? next.value : Buffer.concat([held, next.value])
    return next.done !== true
  }
  return {
    async line() {
      for (;;) {
        const end = held.indexOf('\r\n')
        if (end >= 0) {
          const line = held.toString('latin1', 0, end)
          held = held.subarray(end + 2)
          return line
        }
        if (held.length > lineBytesMax)
          throw new ServiceError('InvalidRequest', 'The aws-chunked body is malformed')
        // Some clients end the body without the last empty line.
        if (!(await more())) return held.toString('latin1')
      }
    },
    async *bytes(count) {
      let left = count
      while (left > 0) {
        if (held.length === 0 && !(await more()))
          throw new ServiceError('IncompleteBody', 'The body ended too early')
        const part = held.subarray(0, left)
        held = held.subarray(part.length)
        left -= part.length
        yield part
      }
    },
  }
}
