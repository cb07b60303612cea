import type { Host } from '../service.ts'
import type { Machine } from './definition.ts'
import type { MapRuns } from './map-runs.ts'
import type { StateEvent } from './run-state.ts'

/** What every state of an execution shares. Nested machines get a copy with their own context and signal. */
export type Scope = {
  host: Host
  stateMachine: { name: string; arn: string; roleArn: string }
  /** The context object (`$$`). `Run` is what AWS calls `$$.Execution`. */
  context: Record<string, unknown> & { Run: Record<string, unknown> & { Id: string } }
  signal: AbortSignal
  onEvent: (event: StateEvent) => void
  mapRuns: MapRuns
  /** Milliseconds in a second of the definition: 1000, and less in tests. */
  secondMs: number
  /** Runs a nested machine: the walk itself. */
  walk: (machine: Machine, input: unknown, scope: Scope) => Promise<unknown>
}

/** A state that the library sees as a Task, and the work behind it. */
export type Runnable = {
  state: Record<string, unknown> & { Type: 'Task' }
  work: (input: unknown) => Promise<unknown>
}
