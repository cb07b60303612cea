import type { ObjectStore } from '../objects.ts'
import { buildPack, fitsPack, type PackedObject } from './pack-format.ts'
import { objectKeys, type RepositoryName } from './repositories.ts'

export type SavedPack = { pack: string; bytes: number; objects: number }

/** Full packs, already in object storage, and what did not fill one yet. */
export type Packing = { saved: SavedPack[]; open: PackedObject[] }

/** Takes objects as they come: one pack of them is in memory at a time. */
export async function fillPacks(
  store: { objects: ObjectStore; repository: RepositoryName },
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
  { objects, repository }: { objects: ObjectStore; repository: RepositoryName },
  packed: readonly PackedObject[],
): Promise<SavedPack> {
  const { name, pack, index } = buildPack(packed)
  await Promise.all([
    objects.put(objectKeys.pack(repository, name), pack),
    objects.put(objectKeys.packIndex(repository, name), index),
  ])
  return { pack: name, bytes: pack.length, objects: packed.length }
}
