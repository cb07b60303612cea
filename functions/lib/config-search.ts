import { searchConfigs, type SearchStores } from '../../shared/backups/search/search-configs.ts'
import { shardReader, type ShardReader } from '../../shared/backups/search/shards.ts'
import type { Deps } from './deps.ts'

/** Half of what the function has: 50,000 configurations of 60 kB, of which one line in eight is its device's own. */
const cacheBytesMax = 1024 * 1024 * 1024

let shards: ShardReader | undefined

/** The search, with the parts of the index that this container has read before. */
export function configSearch(
  deps: Deps,
): (asked: Parameters<typeof searchConfigs>[1]) => ReturnType<typeof searchConfigs> {
  const { engine, archive, table, work, now } = deps
  shards ??= shardReader({ table, work }, cacheBytesMax)
  const stores: SearchStores = { engine, archive, shards, now }
  return (asked) => searchConfigs(stores, asked)
}
