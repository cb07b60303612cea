import * as z from 'zod'
import { keys, resultShards, shardOf } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { isOpen, type RunCounts } from './run-status.ts'
import { ResultHead, RunLogLine, RunResult, RunTally } from './records.ts'
import type { RunProgress } from './routes.ts'
import type { Run } from './runs.ts'

/** Up to so many devices every result is counted as it comes; beyond that, finished batches. */
const countedOneByOneMax = 500

/** Counts of a run that is still going. */
async function countSoFar(table: Table, runId: number, total: number): Promise<RunCounts> {
  return total <= countedOneByOneMax ? countResults(table, runId) : countBatches(table, runId)
}

async function countBatches(table: Table, runId: number): Promise<RunCounts> {
  const counts: RunCounts = { changed: 0, unchanged: 0, failed: 0 }
  for await (const tally of table.query(RunTally, { partition: keys.runTallies(runId) })) {
    counts.changed += tally.changed
    counts.unchanged += tally.unchanged
    counts.failed += tally.failed - tally.retried
  }
  return counts
}

/** Every result of a run without its session, in no particular order. */
export async function readHeads(table: Table, runId: number): Promise<ResultHead[]> {
  const shards = Array.from({ length: resultShards }, (_, shard) =>
    Array.fromAsync(table.query(ResultHead, { partition: keys.runResults(runId, shard) })),
  )
  return (await Promise.all(shards)).flat()
}

/** Whole results, in the order of the devices; those that are gone by now are left out. */
export async function readResults(
  table: Table,
  runId: number,
  deviceIds: readonly number[],
): Promise<RunResult[]> {
  const found = await table.getMany(
    RunResult,
    deviceIds.map((id) => keys.runResult(runId, shardOf(id, resultShards), id)),
  )
  return found.filter((result) => result !== undefined)
}

export async function countResults(table: Table, runId: number): Promise<RunCounts> {
  const counts: RunCounts = { changed: 0, unchanged: 0, failed: 0 }
  for (const { status } of await readHeads(table, runId)) counts[status] += 1
  return counts
}

/** Status and counts: from the batches while the run goes on, from the run itself afterwards. */
export async function progressOf(table: Table, run: Run): Promise<z.input<typeof RunProgress>> {
  const { id, status, total, started, finished } = run
  const counts = isOpen(status) ? await countSoFar(table, id, total) : run
  const { changed, unchanged, failed } = counts
  return { id, status, total, changed, unchanged, failed, started, finished }
}

const logLinesMax = 1000

/** @param after the cursor of the answer before; the next cursor stays where it is until there is more. */
export async function runLogAfter(
  table: Table,
  runId: number,
  after: string | undefined,
): Promise<{ lines: RunLogLine[]; after: string | null }> {
  const lines: RunLogLine[] = []
  let cursor = after
  // The smallest sort key behind the cursor.
  const from = after === undefined ? {} : { from: `${after}\u0000` }
  for await (const { sk, ...line } of table.query(LoggedLine, {
    partition: keys.runLogs(runId),
    ...from,
    limit: logLinesMax,
  })) {
    lines.push(line)
    cursor = sk
  }
  return { lines, after: cursor ?? null }
}

const LoggedLine = RunLogLine.extend({ sk: z.string() })
