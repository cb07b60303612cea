import { isUtf8 } from 'node:buffer'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { fileIssue, type ImportIssue } from './issues.ts'
import { sourceLimits } from './source.ts'

type Decoded = { text: Buffer } | { issue: ImportIssue }

const unzip = promisify(gunzip)
const newline = 0x0a

/** Beginnings of files that are something else. */
const otherKinds: readonly { bytes: readonly number[]; what: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'a ZIP archive or an Excel workbook: save it as CSV (UTF-8)' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old Excel workbook: save it as CSV (UTF-8)' },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: 'a PDF' },
  { bytes: [0xff, 0xfe], what: 'UTF-16: save it as UTF-8' },
  { bytes: [0xfe, 0xff], what: 'UTF-16: save it as UTF-8' },
]

/** Unpacks gzip within bounds, and makes sure that the bytes are UTF-8 text. A byte order mark is taken off. */
export async function decodeSource(bytes: Uint8Array): Promise<Decoded> {
  const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isGzip = packed[0] === 0x1f && packed[1] === 0x8b
  const unpacked = isGzip ? await unpack(packed) : packed
  if (!Buffer.isBuffer(unpacked)) return { issue: unpacked }
  if (unpacked.length > sourceLimits.bytes) return { issue: tooLarge }
  const other = otherKinds.find(({ bytes: start }) => start.every((byte, at) => unpacked[at] === byte))
  if (other !== undefined) return { issue: fileIssue('unreadable', `The file is ${other.what}.`) }
  if (!isUtf8(unpacked)) return { issue: notUtf8(unpacked) }
  const hasMark = unpacked[0] === 0xef && unpacked[1] === 0xbb && unpacked[2] === 0xbf
  const text = hasMark ? unpacked.subarray(3) : unpacked
  const zero = text.indexOf(0)
  if (zero >= 0)
    return {
      issue: fileIssue('unreadable', 'The file is not text: it has a zero byte.', lineOf(text, zero)),
    }
  return { text }
}

const tooLarge = fileIssue(
  'unreadable',
  `The file has more than ${sourceLimits.bytes} bytes (unpacked): divide it.`,
)

async function unpack(packed: Buffer): Promise<Buffer | ImportIssue> {
  try {
    return await unzip(packed, { maxOutputLength: sourceLimits.bytes + 1 })
  } catch (cause) {
    const isTooLarge = cause instanceof RangeError
    return isTooLarge ? tooLarge : fileIssue('unreadable', 'The gzip file is damaged.')
  }
}

function notUtf8(text: Buffer): ImportIssue {
  let start = 0
  for (let line = 1; start < text.length; line++) {
    const next = text.indexOf(newline, start)
    const end = next < 0 ? text.length : next
    if (!isUtf8(text.subarray(start, end)))
      return fileIssue(
        'unreadable',
        `The file is not UTF-8 (line ${line} is the first that is not): save it as UTF-8.`,
        line,
      )
    start = end + 1
  }
  return fileIssue('unreadable', 'The file is not UTF-8: save it as UTF-8.')
}

function lineOf(text: Buffer, offset: number): number {
  let line = 1
  for (let at = text.indexOf(newline); at >= 0 && at < offset; at = text.indexOf(newline, at + 1)) line += 1
  return line
}
