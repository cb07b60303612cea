import { AppError } from '../../errors.ts'
import { keys, resultShards, shardOf } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import { expiryOf, RunResult } from '../records.ts'
import type { WorkItem } from './work.ts'

/**
 * Notes that a device was left out of a run, and why. Nothing else of the device changes: it has neither failed nor been
 * read. Where another delivery of its batch came before the window, what that found stays.
 */
export async function recordSkipped(
  { table, now }: { table: Table; now: () => Date },
  { runId, pass, item }: { runId: number; pass: number; item: WorkItem },
  detail: string,
): Promise<RunResult> {
  const at = now()
  const result: RunResult = {
    runId,
    deviceId: item.deviceId,
    name: item.name,
    pass,
    status: 'skipped',
    detail,
    attempts: [],
    finishedAt: at.toISOString(),
    elapsedMs: 0,
    events: [],
  }
  const key = keys.runResult(runId, shardOf(item.deviceId, resultShards), item.deviceId)
  try {
    await table.write([{ put: { ...key, ...result, expiresAt: expiryOf(at) }, ifAbsent: 'number_taken' }])
    return result
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'number_taken') throw error
    return (await table.get(RunResult, key)) ?? result
  }
}
