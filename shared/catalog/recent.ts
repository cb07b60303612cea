import { firstIdAt, readChangeKey, sortableId } from '../ids.ts'
import { RecentChange, recentKeptMs } from '../model/change.ts'
import type { Model } from '../model/define.ts'
import { changeShardCount } from '../model/registry.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import type { Newest } from './delta.ts'

/** Clocks differ, and the table drops what has expired when it pleases. */
const safeMs = recentKeptMs - 600_000

/** What the notes of recent changes tell of models with few writes. */
export type RecentChanges = {
  /**
   * Each object's newest change that began at or after `since`: as `readNewest`. All who ask in one turn of the event
   * loop are answered by one query, which begins after they asked.
   * @returns undefined where the notes do not tell: the model has many writes, or it is too long ago.
   */
  newest(model: Model, since: Date | undefined): Promise<ReadonlyMap<number, Newest>> | undefined
}

type ByModel = ReadonlyMap<string, ReadonlyMap<number, Newest>>
const none: ReadonlyMap<number, Newest> = new Map()

export function recentChanges(table: Table, now: () => Date): RecentChanges {
  let round: { since: Date; answer: Promise<ByModel> } | undefined
  const ask = async (): Promise<ByModel> => {
    // Whoever asks in this turn joins before it is over.
    await Promise.resolve()
    const since = round?.since ?? now()
    round = undefined
    return readRecent(table, since)
  }
  return {
    newest(model, since) {
      const isKept = since !== undefined && since.getTime() > now().getTime() - safeMs
      if (!isKept || changeShardCount(model) !== 1) return undefined
      round ??= { since, answer: ask() }
      if (since < round.since) round.since = since
      return round.answer.then((found) => found.get(model.name) ?? none)
    },
  }
}

async function readRecent(table: Table, since: Date): Promise<ByModel> {
  const found = new Map<string, Map<number, Newest>>()
  const range = {
    partition: keys.recentChanges(),
    from: sortableId(firstIdAt(since)),
    attributes: ['sk', 'model', 'action'],
  }
  for await (const { sk, model, action } of table.query(RecentChange, range)) {
    const { objectId, version } = readChangeKey(sk)
    const newest = found.get(model) ?? new Map<number, Newest>()
    found.set(model, newest)
    if (version > (newest.get(objectId)?.version ?? 0))
      newest.set(objectId, { version, isDeleted: action === 'delete' })
  }
  return found
}
