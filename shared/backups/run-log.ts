import { randomUUID } from 'node:crypto'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { expiryOf, type RunLogLine } from './records.ts'

/** One line of the run's own log: what the workflow does. The sessions' lines are with the devices' results. */
export async function logRun(table: Table, runId: number, line: RunLogLine): Promise<void> {
  const key = keys.runLog(runId, line.at, randomUUID().slice(0, 8))
  await table.write([
    { put: { ...key, ...line, expiresAt: expiryOf(new Date(line.at)) }, unconditionally: true },
  ])
}
