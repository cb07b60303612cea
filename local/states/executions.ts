import { join } from 'node:path'
import * as z from 'zod'
import type { Host } from '../service.ts'
import { readHistory, removeHistory, type HistoryEvent } from './history.ts'
import { openRecords } from '../records.ts'

export const Execution = z.object({
  arn: z.string(),
  name: z.string(),
  stateMachineArn: z.string(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  startedAt: z.string(),
  stoppedAt: z.string().optional(),
  /** JSON text, as it was given: the same name with the same text is the same request. */
  input: z.string(),
  output: z.string().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
  /** The status of which the event bus knows: an execution whose last change it missed is told again at start. */
  announced: z.string().optional(),
})
export type Execution = z.infer<typeof Execution>

/** AWS keeps finished Standard executions for 90 days; here the newest of each state machine. */
const executionsMax = 1000

/** The executions of all state machines, on disk. */
export type Executions = {
  get(arn: string): Execution | undefined
  save(execution: Execution): void
  /** Newest first. */
  of(stateMachineArn: string): Execution[]
  all(): Execution[]
  historyFile(arn: string): string
  history(arn: string): HistoryEvent[]
}

export function openExecutions(host: Host): Executions {
  const folder = join(host.dataDir, 'states')
  const records = openRecords(join(folder, 'executions'), Execution, (file, error) =>
    host.log('error', 'an execution cannot be read', { file, error: String(error) }),
  )
  const historyFile = (arn: string): string => join(folder, 'history', `${encodeURIComponent(arn)}.jsonl`)
  const of = (stateMachineArn: string): Execution[] =>
    records
      .all()
      .filter((execution) => execution.stateMachineArn === stateMachineArn)
      .sort((a, b) => b.startedAt.localeCompare(a.startedAt))
  return {
    get: (arn) => records.get(arn),
    of,
    all: () => records.all(),
    historyFile,
    history: (arn) => readHistory(historyFile(arn)),
    save(execution) {
      records.put(execution.arn, execution)
      const finished = of(execution.stateMachineArn).filter(({ status }) => status !== 'RUNNING')
      for (const old of finished.slice(executionsMax)) {
        records.remove(old.arn)
        removeHistory(historyFile(old.arn))
      }
    },
  }
}
