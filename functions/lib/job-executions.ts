import type { Executions } from '../../shared/executions.ts'
import { env } from './env.ts'

let loading: Promise<Executions> | undefined

/** Those of the workflow that carries jobs out. The client is loaded when something is started or stopped: seldom. */
export function jobExecutions(): Promise<Executions> {
  loading ??= import('./executions.ts').then(({ stepFunctions }) => stepFunctions(env('jobWorkflow')))
  return loading
}
