import { randomUUID } from 'node:crypto'
import { keys } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import { expiryOf, RunLogLine } from '../records.ts'

/** One line of the run's own log: what the workflow does. The sessions' lines are with the devices' results. */
export async function logRun(table: Table, runId: number, line: RunLogLine): Promise<void> {
  const key = keys.runLog(runId, line.at, randomUUID().slice(0, 8))
  await table.write([
    { put: { ...key, ...line, expiresAt: expiryOf(new Date(line.at)) }, unconditionally: true },
  ])
}

const errorsLookedFor = 100

/** Error lines among the newest lines of a run, the newest first. */
export async function lastErrors(table: Table, runId: number): Promise<RunLogLine[]> {
  const range = { partition: keys.runLogs(runId), newestFirst: true, limit: errorsLookedFor }
  const lines = await Array.fromAsync(table.query(RunLogLine, range))
  return lines.filter(({ level }) => level === 'error')
}
