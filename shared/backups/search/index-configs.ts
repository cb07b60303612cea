import { mapAhead } from '../../concurrency.ts'
import { redactAgain } from '../../collect/redact.ts'
import { redactionRules } from '../../collect/redaction-rules.ts'
import { device } from '../../dcim/models/device.ts'
import { AppError } from '../../errors.ts'
import type { Engine } from '../../model/engine.ts'
import type { ObjectStore } from '../../objects.ts'
import { findPlatform } from '../../platforms/platforms.ts'
import { keys, searchShards } from '../../table/keys.ts'
import { BackupState, ConfigVersion } from '../records.ts'
import { encodeShard, packShard, type Shard, type ShardEntry } from './shard-format.ts'
import { loadShard, readShards, SearchShard, searchShardOf, shardKeyOf, Unindexed } from './shards.ts'

export type IndexStores = { engine: Engine; archive: ObjectStore; work: ObjectStore; now: () => Date }

export type Indexed = {
  shards: number
  devices: number
  /** Versions whose text the archive does not have. */
  missing: number
  /** False where time ran out: what is left is still marked, and the next call goes on with it. */
  done: boolean
}

/** The bucket deletes objects after 30 days: a shard that nothing changed is written again well before. */
const ageDaysMax = 10
const queriesAhead = 16
const textsAhead = 16
/** Two indexers of one shard: the loser begins again on what the winner wrote. */
const attemptsMax = 10

/**
 * Brings the index up to date with the table: versions stored since, rules of redaction that are others now, devices
 * that are gone. Safe to stop and to repeat at any point: an object counts once its shard's item names it, and a mark
 * goes only when a shard holds its version.
 * @param until no shard is begun after this moment.
 */
export async function indexConfigs(stores: IndexStores, until = Infinity): Promise<Indexed> {
  const { engine, now } = stores
  const idsByShard = Map.groupBy(await readDeviceIds(engine), searchShardOf)
  const known = new Map((await readShards(engine.table)).map((item) => [item.shard, item]))
  const numbers = Array.from({ length: searchShards }, (_, shard) => shard)
  const marked = mapAhead(numbers, queriesAhead, async (shard) => ({
    shard,
    isMarked: (await readMarks(engine, shard, 1)).length > 0,
  }))
  const sum: Indexed = { shards: 0, devices: 0, missing: 0, done: true }
  for await (const { shard, isMarked } of marked) {
    const hasDevices = idsByShard.has(shard)
    if (!isMarked && !isDue(known.get(shard), hasDevices, now())) continue
    if (now().getTime() > until) return { ...sum, done: false }
    const written = await indexShard(stores, shard)
    sum.shards += 1
    sum.devices += written.devices
    sum.missing += written.missing
  }
  return sum
}

/** As of now, the caller's own writes included. */
async function readDeviceIds(engine: Engine): Promise<number[]> {
  const catalog = engine.catalogs.of(device)
  await catalog.refresh()
  return [...catalog.rows.keys()]
}

function isDue(item: SearchShard | undefined, hasDevices: boolean, now: Date): boolean {
  if (item === undefined) return hasDevices
  if (item.rules !== redactionRules) return true
  return now.getTime() - Date.parse(item.builtAt) > ageDaysMax * 86_400_000
}

const readMarks = (engine: Engine, shard: number, limit?: number): Promise<Unindexed[]> =>
  Array.fromAsync(
    engine.table.query(Unindexed, {
      partition: keys.unindexedOf(shard),
      ...(limit === undefined ? {} : { limit }),
    }),
  )

async function indexShard(stores: IndexStores, shard: number): Promise<{ devices: number; missing: number }> {
  const { engine, work, now } = stores
  for (let attempt = 1; ; attempt += 1) {
    // Marks first: a version that is stored after this leaves a mark that is not among them. Then the devices: one
    // that has a mark and is not among them was deleted.
    const marks = await readMarks(engine, shard)
    const ids = new Set((await readDeviceIds(engine)).filter((id) => searchShardOf(id) === shard))
    const item = await engine.table.get(SearchShard, keys.searchShard(shard))
    const before = item?.rules === redactionRules ? await loadShard(work, item.key) : undefined
    const wanted = before === undefined ? [...ids] : marks.map(({ deviceId }) => deviceId)
    const { fresh, missing } = await freshEntries(stores, wanted, before)
    const renewed = new Set(fresh.map(({ id }) => id))
    const kept = (before?.devices ?? []).flatMap((one): ShardEntry[] =>
      before === undefined || renewed.has(one.id) ? [] : [{ ...one, of: { shard: before, device: one } }],
    )
    const packed = packShard([...kept, ...fresh].filter(({ id }) => ids.has(id)))
    const key = shardKeyOf(shard)
    await work.put(key, await encodeShard(packed), { contentType: 'application/octet-stream' })
    const next: SearchShard = {
      shard,
      version: (item?.version ?? 0) + 1,
      key,
      rules: redactionRules,
      devices: packed.devices.length,
      builtAt: now().toISOString(),
    }
    if (!(await moveShard(engine, item, next))) {
      if (attempt < attemptsMax) continue
      throw new AppError('write_conflict', `The shard ${shard} was written by others each time.`)
    }
    await removeMarks(engine, shard, marks)
    return { devices: fresh.length, missing }
  }
}

/** Of those devices the newest texts that the shard does not have. */
async function freshEntries(
  { engine, archive }: IndexStores,
  ids: readonly number[],
  before: Shard | undefined,
): Promise<{ fresh: ShardEntry[]; missing: number }> {
  const held = new Map(before?.devices.map(({ id, sequence }) => [id, sequence]))
  const states = await engine.table.getMany(
    BackupState,
    ids.map((id) => keys.backupState(id)),
  )
  const due = states.flatMap((state) =>
    state === undefined || state.sequence === 0 || held.get(state.deviceId) === state.sequence ? [] : [state],
  )
  const versions = await engine.table.getMany(
    ConfigVersion,
    due.map(({ deviceId, sequence }) => keys.configVersion(deviceId, sequence)),
  )
  const found = versions.flatMap((version) => version ?? [])
  const texts = mapAhead(found, textsAhead, async (version) => ({
    version,
    bytes: await archive.get(version.textKey),
  }))
  const fresh: ShardEntry[] = []
  for await (const { version, bytes } of texts) {
    if (bytes === undefined) continue
    const { deviceId, sequence, collectedAt, deviceType } = version
    const text = redactAgain(findPlatform(deviceType) ?? withoutRules, new TextDecoder().decode(bytes))
    fresh.push({ id: deviceId, sequence, collectedAt, of: text })
  }
  return { fresh, missing: due.length - fresh.length }
}

/** A platform that there is no more: what shows everywhere is hidden all the same. */
export const withoutRules = { secrets: [] }

/** @returns false when somebody else has moved it. */
async function moveShard(engine: Engine, item: SearchShard | undefined, next: SearchShard): Promise<boolean> {
  const put = { ...keys.searchShard(next.shard), ...next }
  try {
    await engine.table.write([
      item === undefined
        ? { put, ifAbsent: 'version_conflict' }
        : { put, ifVersion: item.version, otherwise: 'version_conflict' },
    ])
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'version_conflict') return false
    throw error
  }
}

/** One that stands for a newer version by now stays. */
async function removeMarks(engine: Engine, shard: number, marks: readonly Unindexed[]): Promise<void> {
  const removed = mapAhead(marks, queriesAhead, async ({ deviceId, version }) => {
    const remove = keys.unindexed(shard, deviceId)
    try {
      await engine.table.write([{ remove, ifVersion: version, otherwise: 'version_conflict' }])
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'version_conflict') throw error
    }
  })
  for await (const _ of removed);
}
