import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { crc32, deflate } from 'node:zlib'
import { objectId, type ObjectType } from './object-format.ts'

// Packs and their indexes, version 2: https://git-scm.com/docs/gitformat-pack
// isomorphic-git writes both, but only from a repository in a file system.

/**
 * Upper bound of a pack, in bytes. A Lambda response holds 6 MB of JSON, so 4.5 MB of base64-coded bytes
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), headers included.
 */
export const packBytesMax = 4 * 1024 * 1024
/** Bounds the index too: 28 bytes an object, 2.8 MB. */
export const packObjectsMax = 100_000

export const headerBytes = 12
export const trailerBytes = 20
/** A delta names its base: 18 bytes more than its distance, and it can be moved from pack to pack as it is. */
const typeCodes: Record<PackedObject['type'], number> = { commit: 1, tree: 2, blob: 3, delta: 7 }
export const objectTypes: ReadonlyMap<number, PackedObject['type']> = new Map(
  (['commit', 'tree', 'blob', 'delta'] as const).map((type) => [typeCodes[type], type]),
)
const deflateAsync = promisify(deflate)

/** An object as a pack holds it: its header, for a delta the name of its base, and from `contentAt` deflated content. */
export type PackedObject = {
  oid: string
  type: ObjectType | 'delta'
  /** The object in the same pack that a delta is applied to. */
  base?: string
  bytes: Buffer
  contentAt: number
  crc: number
}

export type PackFiles = { name: string; pack: Buffer; index: Buffer; objects: number }

export async function packObject(
  type: ObjectType,
  content: Uint8Array,
  oid = objectId(type, content),
): Promise<PackedObject> {
  const header = objectHeader(type, content.length)
  const bytes = Buffer.concat([header, await deflateAsync(content)])
  return { oid, type, bytes, contentAt: header.length, crc: crc32(bytes) }
}

/** @param delta what makes the object out of `base`, by `encodeDelta`. */
export async function packDelta(oid: string, base: string, delta: Uint8Array): Promise<PackedObject> {
  const header = Buffer.concat([objectHeader('delta', delta.length), Buffer.from(base, 'hex')])
  const bytes = Buffer.concat([header, await deflateAsync(delta)])
  return { oid, type: 'delta', base, bytes, contentAt: header.length, crc: crc32(bytes) }
}

/** Whether a pack of objects of so many bytes and such a number stays within the bounds. */
export const fitsPack = (objectBytes: number, objects: number): boolean =>
  headerBytes + objectBytes + trailerBytes <= packBytesMax && objects <= packObjectsMax

/** What a pack of so many objects begins with. */
export function packHeader(objects: number): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.write('PACK', 'latin1')
  header.writeUInt32BE(2, 4)
  header.writeUInt32BE(objects, 8)
  return header
}

/** The pack and its index. The name is the pack's checksum, so equal content has an equal name. */
export function buildPack(objects: readonly PackedObject[]): PackFiles {
  const body = Buffer.concat([packHeader(objects.length), ...objects.map(({ bytes }) => bytes)])
  const checksum = sha1(body)
  return {
    name: checksum.toString('hex'),
    pack: Buffer.concat([body, checksum]),
    index: buildIndex(objects, checksum),
    objects: objects.length,
  }
}

/**
 * Four bits of the length beside the type, then seven a byte, the lowest first; the top bit says that more
 * follow.
 */
function objectHeader(type: PackedObject['type'], length: number): Buffer {
  const header: number[] = []
  let current = (typeCodes[type] << 4) | (length & 0x0f)
  let rest = Math.floor(length / 16)
  while (rest > 0) {
    header.push(current | 0x80)
    current = rest & 0x7f
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...header, current])
}

/** Offsets stay below 2^31, as packs are small: the table of large offsets is never there. */
function buildIndex(objects: readonly PackedObject[], packChecksum: Buffer): Buffer {
  let offset = headerBytes
  const rows = objects.map(({ oid, bytes, crc }) => {
    const row = { oid, crc, offset }
    offset += bytes.length
    return row
  })
  rows.sort((a, b) => (a.oid < b.oid ? -1 : 1))
  const body = Buffer.concat([
    Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]),
    fanOut(rows.map(({ oid }) => Number.parseInt(oid.slice(0, 2), 16))),
    Buffer.from(rows.map(({ oid }) => oid).join(''), 'hex'),
    numbers(rows.map(({ crc }) => crc)),
    numbers(rows.map(({ offset }) => offset)),
    packChecksum,
  ])
  return Buffer.concat([body, sha1(body)])
}

/** For each first byte, how many objects have this one or a lower one. */
function fanOut(firstBytes: readonly number[]): Buffer {
  const counts = Array.from({ length: 256 }, () => 0)
  for (const byte of firstBytes) counts[byte] = (counts[byte] ?? 0) + 1
  let total = 0
  return numbers(counts.map((count) => (total += count)))
}

function numbers(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4)
  for (const [place, value] of values.entries()) buffer.writeUInt32BE(value, place * 4)
  return buffer
}

const sha1 = (bytes: Buffer): Buffer => createHash('sha1').update(bytes).digest()
