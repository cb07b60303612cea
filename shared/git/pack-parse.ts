import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { inflate } from 'node:zlib'
import { headerBytes, objectTypes, trailerBytes, type PackedObject } from './pack-format.ts'

const inflateAsync = promisify(inflate)
const fanOutAt = 8
const namesAt = fanOutAt + 256 * 4

/**
 * What `buildPack` has made, taken apart again: objects in the order of the pack, each a part of its bytes.
 * @throws Error for bytes whose checksum is not the pack's name.
 */
export function parsePack({
  name,
  pack,
  index,
}: {
  name: string
  pack: Buffer
  index: Buffer
}): PackedObject[] {
  const body = pack.subarray(0, pack.length - trailerBytes)
  if (createHash('sha1').update(body).digest('hex') !== name) throw new Error(`the pack ${name} is damaged`)
  const count = index.readUInt32BE(namesAt - 4)
  const crcsAt = namesAt + count * 20
  const offsetsAt = crcsAt + count * 4
  const rows = Array.from({ length: count }, (_, place) => ({
    oid: index.toString('hex', namesAt + place * 20, namesAt + (place + 1) * 20),
    crc: index.readUInt32BE(crcsAt + place * 4),
    offset: index.readUInt32BE(offsetsAt + place * 4),
  }))
  rows.sort((a, b) => a.offset - b.offset)
  if (count !== pack.readUInt32BE(headerBytes - 4))
    throw new Error(`the index of the pack ${name} is damaged`)
  return rows.map(({ oid, crc, offset }, place) => {
    const bytes = body.subarray(offset, rows[place + 1]?.offset)
    return { oid, crc, bytes, ...parseHeader(bytes) }
  })
}

function parseHeader(bytes: Buffer): Pick<PackedObject, 'type' | 'base' | 'contentAt'> {
  const code = ((bytes[0] ?? 0) >> 4) & 0x07
  const type = objectTypes.get(code)
  if (type === undefined)
    throw new Error(`a pack has an object of the type ${code}, which is not written here`)
  let at = 0
  while ((bytes[at] ?? 0) & 0x80) at += 1
  at += 1
  if (type !== 'delta') return { type, contentAt: at }
  return { type, base: bytes.toString('hex', at, at + 20), contentAt: at + 20 }
}

/** What the object is made of; of a delta, the delta. */
export function unpackContent({ bytes, contentAt }: PackedObject): Promise<Buffer> {
  return inflateAsync(bytes.subarray(contentAt))
}

/** The names in an index, in their own order. */
export function namesOf(index: Buffer): string[] {
  const count = index.readUInt32BE(namesAt - 4)
  return Array.from({ length: count }, (_, place) =>
    index.toString('hex', namesAt + place * 20, namesAt + (place + 1) * 20),
  )
}
