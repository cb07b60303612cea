import type { Executions } from '../../shared/executions.ts'
import { env } from './env.ts'

let loading: Promise<Executions> | undefined

/** Those of the backup workflow. The client is loaded when something is started or stopped: seldom. */
export function backupExecutions(): Promise<Executions> {
  loading ??= import('./executions.ts').then(({ stepFunctions }) => stepFunctions(env('backupWorkflow')))
  return loading
}
