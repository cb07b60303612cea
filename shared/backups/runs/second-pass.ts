import { failureCategories } from '../../collect/outcome.ts'
import type { ObjectStore } from '../../objects.ts'
import { keys, resultShards, shardOf } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import { headsOfBatches } from './progress.ts'
import { ResultHead } from '../records.ts'
import type { WorkItem } from './work.ts'
import { readWorkList, workListKey, writeWorkList } from './work-list.ts'

/** How long failed devices and the AAA servers behind them are left alone. */
const restSeconds = 10

/**
 * The second pass: devices whose failure may pass, devices whose batch died without a result, and those that were
 * last seen down.
 * @param pauses of a run that was paused, second attempts may have been made already.
 * @returns `waitSeconds` is 0 when nobody was asked before.
 */
export async function planSecondPass(
  stores: { table: Table; work: ObjectStore },
  runId: number,
  pauses = 0,
): Promise<{ key: string; devices: number; waitSeconds: number }> {
  const [first, lastSeenDown] = await Promise.all([
    readWorkList(stores.work, workListKey(runId, 'first')),
    readWorkList(stores.work, workListKey(runId, 'last-seen-down')),
  ])
  const results = await readResults(stores.table, runId, pauses === 0 ? first : [...first, ...lastSeenDown])
  const isDue = ({ deviceId }: WorkItem): boolean => {
    const result = results.get(deviceId)
    return result === undefined || isRetryable(result)
  }
  const again = first.filter(isDue)
  const key = workListKey(runId, 'second')
  const items = [...again, ...lastSeenDown.filter(isDue)]
  if (items.length > 0) await writeWorkList(stores.work, key, items)
  return { key, devices: items.length, waitSeconds: again.length > 0 ? restSeconds : 0 }
}

/** By device: from the finished batches, and one by one those of batches that died. */
async function readResults(
  table: Table,
  runId: number,
  items: readonly WorkItem[],
): Promise<Map<number, ResultHead>> {
  const heads = await headsOfBatches(table, runId)
  const results = new Map(heads.map((head) => [head.deviceId, head]))
  const untold = items.filter(({ deviceId }) => !results.has(deviceId))
  const found = await table.getMany(
    ResultHead,
    untold.map(({ deviceId }) => keys.runResult(runId, shardOf(deviceId, resultShards), deviceId)),
  )
  for (const head of found) if (head !== undefined) results.set(head.deviceId, head)
  return results
}

/** Whether a second attempt can help. */
const isRetryable = (result: ResultHead): boolean =>
  result.pass === 1 &&
  result.status === 'failed' &&
  result.category !== undefined &&
  failureCategories[result.category].retry
