import { mapAhead } from '../../concurrency.ts'
import type { Table } from '../../table/table.ts'
import { excerptOf } from './excerpt.ts'
import type { Found, Gathering } from './gathering.ts'
import type { Pattern } from './pattern.ts'
import { lineAt, type Shard, type ShardDevice } from './shard-format.ts'
import { readShards, searchShardOf, type ShardReader } from './shards.ts'

export type CurrentSearch = {
  pattern: Pattern
  /** Those that are searched. */
  devices: ReadonlySet<number>
  context: number
  /** So many matching lines of a device are shown; all are counted. */
  lines: number
  /** Goes on behind this device. */
  after: { shard: number; deviceId: number } | undefined
}

/** Objects asked for before their turn comes. */
const shardsAhead = 8

/** Searches the index, shard by shard and in each by the devices' ids, until the gathering has enough. */
export async function searchCurrent(
  { table, shards }: { table: Table; shards: ShardReader },
  search: CurrentSearch,
  gathering: Gathering,
): Promise<void> {
  const items = await readShards(table)
  shards.keepOnly(items)
  const wanted = new Set([...search.devices].map(searchShardOf))
  const from = search.after?.shard ?? 0
  const due = items.filter(({ shard }) => shard >= from && wanted.has(shard))
  const read = mapAhead(due, shardsAhead, async (item) => ({
    number: item.shard,
    shard: await shards.read(item),
  }))
  for await (const { number, shard } of read) if (searchShard({ number, shard }, search, gathering)) return
}

/** @returns true when the gathering has enough. */
function searchShard(
  { number, shard }: { number: number; shard: Shard },
  search: CurrentSearch,
  gathering: Gathering,
): boolean {
  const { after, devices } = search
  const behind = after !== undefined && after.shard === number ? after.deviceId : 0
  const due = shard.devices.filter(({ id }) => id > behind && devices.has(id))
  if (due.length === 0) return false
  const isMatch = lineTest(search.pattern, shard)
  return due.some((device) => {
    const found = searchDevice({ shard, device, isMatch }, search)
    return gathering.take(`c.${number}.${device.id}`, found)
  })
}

function searchDevice(
  { shard, device, isMatch }: { shard: Shard; device: ShardDevice; isMatch: (lineId: number) => boolean },
  { pattern, context, lines }: CurrentSearch,
): Found | undefined {
  const ids = shard.lineIds.subarray(device.from, device.to)
  const hits: number[] = []
  let count = 0
  for (let index = 0; index < ids.length; index += 1) {
    if (!isMatch(ids[index] ?? 0)) continue
    count += 1
    if (hits.length < lines) hits.push(index)
  }
  if (count === 0) return undefined
  const text = { lineCount: ids.length, lineOf: (index: number) => lineAt(shard, ids[index] ?? 0) }
  const { id: deviceId, sequence, collectedAt } = device
  return { deviceId, sequence, collectedAt, count, ...excerptOf(pattern, text, hits, context) }
}

const unknown = 0
const no = 1
const yes = 2

/** Each distinct line is asked at most once: all in one pass where the pattern can, else when a device has it. */
function lineTest(pattern: Pattern, shard: Shard): (lineId: number) => boolean {
  const answers = new Uint8Array(shard.starts.length)
  if (pattern.next !== undefined) {
    markAll(pattern.next, shard, answers)
    return (id) => answers[id] === yes
  }
  return (id) => {
    if (answers[id] === unknown) answers[id] = pattern.test(lineAt(shard, id)) ? yes : no
    return answers[id] === yes
  }
}

function markAll(next: NonNullable<Pattern['next']>, { text, starts }: Shard, answers: Uint8Array): void {
  let id = 0
  for (let at = next(text, 0); at !== -1; at = next(text, starts[id] ?? text.length)) {
    while ((starts[id + 1] ?? text.length) <= at) id += 1
    answers[id] = yes
    id += 1
    if (id >= starts.length - 1) return
  }
}
