import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { AppError } from '../../errors.ts'
import type { ObjectStore } from '../../objects.ts'
import { keys, searchShards, shardOf } from '../../table/keys.ts'
import type { Table, Write } from '../../table/table.ts'
import { bytesOf, decodeShard, type Shard } from './shard-format.ts'

/** Everything of the search lies below this prefix of the work bucket, where objects that nobody names go in time. */
export const searchPrefix = 'search/'

/** The item of a shard. Its object never changes: a newer one has another key, and then this item names it. */
export const SearchShard = z.object({
  shard: z.int(),
  version: z.int(),
  key: z.string(),
  /** The rules of redaction that its texts went through. */
  rules: z.string(),
  devices: z.int(),
  builtAt: z.string(),
})
export type SearchShard = z.infer<typeof SearchShard>

/** A stored version that its shard does not hold yet. `version` is that of the configuration. */
export const Unindexed = z.object({ deviceId: z.int(), version: z.int() })
export type Unindexed = z.infer<typeof Unindexed>

export const searchShardOf = (deviceId: number): number => shardOf(deviceId, searchShards)

export const shardKeyOf = (shard: number): string => `${searchPrefix}${shard}/${randomUUID()}`

/** Written together with the version, so that no index can miss it. */
export const unindexedWrite = (deviceId: number, sequence: number): Write => ({
  put: { ...keys.unindexed(searchShardOf(deviceId), deviceId), deviceId, version: sequence },
  unconditionally: true,
})

/** In their order; one query, whatever the number of devices. */
export const readShards = (table: Table): Promise<SearchShard[]> =>
  Array.fromAsync(table.query(SearchShard, { partition: keys.searchShards() }))

/** @returns undefined where the object is gone, or has another format. */
export async function loadShard(work: ObjectStore, key: string): Promise<Shard | undefined> {
  const bytes = await work.get(key)
  return bytes === undefined ? undefined : decodeShard(bytes)
}

export type ShardReader = {
  /** @throws AppError `unavailable` while the index is being made again. */
  read(item: SearchShard): Promise<Shard>
  /** Lets go of those that no item names any more. */
  keepOnly(items: readonly SearchShard[]): void
}

/**
 * Reads shards, and keeps those that fit. One that does not fit is not kept, and pushes none out: each search reads
 * all shards in their order, and whoever evicts the eldest then always evicts the one that is needed next.
 */
export function shardReader(stores: { table: Table; work: ObjectStore }, cacheBytesMax: number): ShardReader {
  const cache = new Map<string, Shard>()
  let cachedBytes = 0
  const keep = (key: string, shard: Shard): void => {
    if (cache.has(key) || cachedBytes + bytesOf(shard) > cacheBytesMax) return
    cache.set(key, shard)
    cachedBytes += bytesOf(shard)
  }
  const load = async (key: string): Promise<Shard | undefined> => {
    const cached = cache.get(key)
    if (cached !== undefined) return cached
    const shard = await loadShard(stores.work, key)
    if (shard !== undefined) keep(key, shard)
    return shard
  }
  return {
    async read(item) {
      const shard = await load(item.key)
      if (shard !== undefined) return shard
      // The object is older than the bucket keeps them, and a newer one was named meanwhile; or it will be.
      const renewed = await stores.table.get(SearchShard, keys.searchShard(item.shard))
      const again = renewed === undefined || renewed.key === item.key ? undefined : await load(renewed.key)
      if (again === undefined)
        throw new AppError('unavailable', 'The index of configurations is being made again.')
      return again
    },
    keepOnly(items) {
      const current = new Set(items.map(({ key }) => key))
      for (const [key, shard] of cache) {
        if (current.has(key)) continue
        cache.delete(key)
        cachedBytes -= bytesOf(shard)
      }
    },
  }
}
