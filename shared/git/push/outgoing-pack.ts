import { createHash } from 'node:crypto'
import { mapAhead } from '../../concurrency.ts'
import { applyDelta } from '../delta.ts'
import { packHeader, packObject, type PackedObject } from '../pack-format.ts'
import { unpackContent } from '../pack-parse.ts'
import { loadNames, loadPack, type PackPlace } from '../pack-store.ts'
import type { Pack } from '../repositories.ts'

type Part = { pack: Pack; names: ReadonlySet<string> }
type Whole = { type: 'commit' | 'tree' | 'blob'; content: Buffer }

const indexesAhead = 8
const packsAhead = 2

/**
 * One pack of the objects named, read as it is sent: its size does not matter. Objects are taken as they are stored,
 * but for differences to an object that is not sent with them: the receiver may not have it yet, so these are made whole.
 * @param packs where to look, the likeliest first; the rest is only looked at for what is missing.
 */
export async function outgoingPack(
  place: PackPlace,
  packs: readonly Pack[],
  wanted: ReadonlySet<string>,
): Promise<AsyncIterable<Buffer>> {
  const left = new Set(wanted)
  const parts: Part[] = []
  const indexes = mapAhead(packs, indexesAhead, async (pack) => ({
    pack,
    names: await loadNames(place, pack),
  }))
  for await (const { pack, names } of indexes) {
    // Deleted as they are taken: no object is in a pack twice, which a strict receiver refuses. A difference and what
    // it is to lie in one pack, so what it is to was taken with it, or before: no two objects are each other's difference.
    const taken = new Set(names.filter((oid) => left.delete(oid)))
    if (taken.size > 0) parts.push({ pack, names: taken })
    if (left.size === 0) break
  }
  const [missing] = left
  if (missing !== undefined) throw new Error(`the object ${missing} is in no pack that is listed`)
  return readParts(place, parts, wanted)
}

async function* readParts(
  place: PackPlace,
  parts: readonly Part[],
  wanted: ReadonlySet<string>,
): AsyncIterable<Buffer> {
  const header = packHeader(wanted.size)
  const hash = createHash('sha1').update(header)
  yield header
  const loaded = mapAhead(parts, packsAhead, async ({ pack, names }) => ({
    names,
    objects: await loadPack(place, pack),
  }))
  for await (const { names, objects } of loaded) {
    const stored = new Map(objects.map((object) => [object.oid, object]))
    for (const object of objects) {
      if (!names.has(object.oid)) continue
      const { bytes } =
        object.base === undefined || wanted.has(object.base) ? object : await whole(stored, object)
      hash.update(bytes)
      yield bytes
    }
  }
  yield hash.digest()
}

async function whole(stored: ReadonlyMap<string, PackedObject>, object: PackedObject): Promise<PackedObject> {
  const { type, content } = await contentOf(stored, object)
  return packObject(type, content, object.oid)
}

async function contentOf(stored: ReadonlyMap<string, PackedObject>, object: PackedObject): Promise<Whole> {
  const unpacked = await unpackContent(object)
  if (object.type !== 'delta') return { type: object.type, content: unpacked }
  const base = stored.get(object.base ?? '')
  if (base === undefined) throw new Error(`the object ${object.oid} is a delta of one that its pack lacks`)
  const { type, content } = await contentOf(stored, base)
  return { type, content: applyDelta(content, unpacked) }
}
