import type { ObjectStore } from '../objects.ts'
import { buildPack, fitsPack, type PackedObject } from './pack-format.ts'
import { namesOf, parsePack } from './pack-parse.ts'
import { newCopy, objectKeys, type PackCopy, type RepositoryName } from './repositories.ts'

export type SavedPack = PackCopy & { bytes: number; objects: number }
export type PackPlace = { objects: ObjectStore; repository: RepositoryName; now: () => Date }

/** Full packs, already in object storage, and what did not fill one yet. */
export type Packing = { saved: SavedPack[]; open: PackedObject[] }

/** Takes objects as they come: one pack of them is in memory at a time. */
export async function fillPacks(
  store: PackPlace,
  packed: Iterable<PackedObject> | AsyncIterable<PackedObject>,
): Promise<Packing> {
  const saved: SavedPack[] = []
  let open: PackedObject[] = []
  let openBytes = 0
  for await (const object of packed) {
    if (!fitsPack(openBytes + object.bytes.length, open.length + 1)) {
      saved.push(await savePack(store, open))
      open = []
      openBytes = 0
    }
    open.push(object)
    openBytes += object.bytes.length
  }
  return { saved, open }
}

/** Nobody sees the pack before the table lists it. */
export async function savePack(
  { objects, repository, now }: PackPlace,
  packed: readonly PackedObject[],
): Promise<SavedPack> {
  const { name, pack, index } = buildPack(packed)
  const copy = { pack: name, copy: newCopy(now()) }
  await Promise.all([
    objects.put(objectKeys.pack(repository, copy), pack),
    objects.put(objectKeys.packIndex(repository, copy), index),
  ])
  return { ...copy, bytes: pack.length, objects: packed.length }
}

/**
 * The objects of a pack in their order, each a part of its bytes.
 * @throws Error where the bytes are not what the pack's name says: they must not become those of another pack.
 */
export async function loadPack({ objects, repository }: PackPlace, copy: PackCopy): Promise<PackedObject[]> {
  const [pack, index] = await Promise.all([
    objects.get(objectKeys.pack(repository, copy)),
    objects.get(objectKeys.packIndex(repository, copy)),
  ])
  if (pack === undefined || index === undefined) {
    throw new Error(`the pack ${copy.pack} of ${repository} is not in object storage`)
  }
  return parsePack({ name: copy.pack, pack: Buffer.from(pack), index: Buffer.from(index) })
}

/** The names of a pack's objects, from its index alone. */
export async function loadNames({ objects, repository }: PackPlace, copy: PackCopy): Promise<string[]> {
  const index = await objects.get(objectKeys.packIndex(repository, copy))
  if (index === undefined) throw new Error(`the index of the pack ${copy.pack} is not in object storage`)
  return namesOf(Buffer.from(index.buffer, index.byteOffset, index.byteLength))
}
