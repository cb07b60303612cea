import * as z from 'zod'
import { keys, resultShards, shardOf } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import { isOpen, type RunCounts } from './run-status.ts'
import { ResultHead, RunLogLine, RunResult, RunTally } from '../records.ts'
import type { RunProgress } from './routes.ts'
import type { Run } from './runs.ts'

/** Up to so many devices every result is counted as it comes; beyond that, finished batches. */
const countedOneByOneMax = 500

type CountedRun = Pick<Run, 'id' | 'total'>

/**
 * Every result of a run without its session, in no particular order: from the finished batches when these have all of
 * its devices, else (a batch died, the run goes on) from the results themselves, at twenty times the cost.
 */
export async function readHeads(table: Table, { id, total }: CountedRun): Promise<ResultHead[]> {
  const told = await headsOfBatches(table, id)
  return told.length >= total ? told : headsOfResults(table, id)
}

/** The same while the run may still go on: of many devices, those whose batch is finished. */
export async function readHeadsSoFar(
  table: Table,
  run: CountedRun & { status: string },
): Promise<ResultHead[]> {
  const isLong = isOpen(run.status) && run.total > countedOneByOneMax
  return isLong ? headsOfBatches(table, run.id) : readHeads(table, run)
}

/** A device of two passes is there once, with its second. */
export async function headsOfBatches(table: Table, runId: number): Promise<ResultHead[]> {
  const heads = new Map<number, ResultHead>()
  // In the order of their keys: all of the first pass, then all of the second.
  for await (const tally of table.query(RunTally, { partition: keys.runTallies(runId) }))
    for (const head of tally.heads) heads.set(head.deviceId, head)
  return [...heads.values()]
}

const headAttributes = Object.keys(ResultHead.shape)

async function headsOfResults(table: Table, runId: number): Promise<ResultHead[]> {
  const shards = Array.from({ length: resultShards }, (_, shard) =>
    Array.fromAsync(
      table.query(ResultHead, { partition: keys.runResults(runId, shard), attributes: headAttributes }),
    ),
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

export const countResults = async (table: Table, run: CountedRun): Promise<RunCounts> =>
  countsOf(await readHeads(table, run))

function countsOf(heads: readonly ResultHead[]): RunCounts {
  const counts: RunCounts = { changed: 0, unchanged: 0, failed: 0, skipped: 0 }
  for (const { status } of heads) counts[status] += 1
  return counts
}

/** Status and counts: from the batches while the run goes on, from the run itself afterwards. */
export async function progressOf(table: Table, run: Run): Promise<z.input<typeof RunProgress>> {
  const { id, status, total, started, finished } = run
  const counts = isOpen(status) ? countsOf(await readHeadsSoFar(table, { id, status, total })) : run
  const { changed, unchanged, failed, skipped } = counts
  return { id, status, total, changed, unchanged, failed, skipped, started, finished }
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
