import { failureCategories } from '../collect/outcome.ts'
import type { ObjectStore } from '../objects.ts'
import { keys, resultShards, shardOf } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { ResultHead } from './records.ts'
import { readWorkList, workListKey, writeWorkList } from './work-list.ts'

/** How long failed devices and the AAA servers behind them are left alone. */
const restSeconds = 10

/**
 * The second pass: devices whose failure may pass, devices whose batch died without a result, and those that were
 * last seen down.
 * @returns `waitSeconds` is 0 when nobody was asked before.
 */
export async function planSecondPass(
  stores: { table: Table; work: ObjectStore },
  runId: number,
): Promise<{ key: string; devices: number; waitSeconds: number }> {
  const [first, lastSeenDown] = await Promise.all([
    readWorkList(stores.work, workListKey(runId, 'first')),
    readWorkList(stores.work, workListKey(runId, 'last-seen-down')),
  ])
  const results = await stores.table.getMany(
    ResultHead,
    first.map(({ deviceId }) => keys.runResult(runId, shardOf(deviceId, resultShards), deviceId)),
  )
  const again = first.filter((_, index) => {
    const result = results[index]
    return result === undefined || isRetryable(result)
  })
  const key = workListKey(runId, 'second')
  const items = [...again, ...lastSeenDown]
  if (items.length > 0) await writeWorkList(stores.work, key, items)
  return { key, devices: items.length, waitSeconds: again.length > 0 ? restSeconds : 0 }
}

/** Whether a second attempt can help. */
const isRetryable = (result: ResultHead): boolean =>
  result.status === 'failed' && result.category !== undefined && failureCategories[result.category].retry
