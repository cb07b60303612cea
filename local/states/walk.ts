import type { Machine, State } from './definition.ts'
import { isDistributed } from './definition.ts'
import { distributedMap } from './distributed-map.ts'
import { refuseLargePayload, StateFailure, throwIfStopped } from './failure.ts'
import { inlineMap, parallel } from './nested.ts'
import { runState } from './run-state.ts'
import type { Runnable, Scope } from './scope.ts'
import { task } from './tasks.ts'
import { wait } from './wait.ts'

/**
 * Walks from state to state until one ends.
 * @throws StateFailure when a state fails and nothing catches it; Stopped when the signal was given.
 */
export async function walk(machine: Machine, input: unknown, scope: Scope): Promise<unknown> {
  let value = input
  let name: string | undefined = machine.StartAt
  while (name !== undefined) {
    throwIfStopped(scope.signal)
    const state = machine.States[name]
    if (state === undefined)
      throw new StateFailure('States.Runtime', `There is no state ${name}.`, { terminal: true })
    const result = await enter(name, state, value, scope)
    refuseLargePayload(result.output, name)
    value = result.output
    name = result.next
  }
  return value
}

async function enter(name: string, state: State, input: unknown, scope: Scope): ReturnType<typeof runState> {
  const entered = { EnteredTime: scope.host.now().toISOString(), Name: name, RetryCount: 0 }
  const inState: Scope = { ...scope, context: { ...scope.context, State: entered } }
  const runnable = runnables[state.Type]?.(name, state, inState)
  const stateMachineArn = scope.stateMachine.arn
  scope.host.used({ kind: 'transition', stateMachineArn })
  return runState({
    name,
    state: withSeconds(runnable?.state ?? state, scope.secondMs),
    input,
    context: inState.context,
    signal: scope.signal,
    onEvent: (event) =>
      scope.onEvent(
        event.state === undefined ? event : { ...event, state: { ...event.state, type: state.Type } },
      ),
    ...(runnable && {
      work: async (taskInput: unknown) => {
        if (entered.RetryCount > 0) scope.host.used({ kind: 'transition', stateMachineArn })
        // The next attempt's templates see how many came before.
        const result = await runnable.work(taskInput).finally(() => (entered.RetryCount += 1))
        if (state.Type === 'Task') refuseLargePayload(result, name)
        return result
      },
    }),
  })
}

type MakeRunnable = (name: string, state: State, scope: Scope) => Runnable

/**
 * Waiting and nesting are Tasks to the library: it keeps their data flow, Retry and Catch; the work is ours.
 * The other types it runs alone.
 */
const runnables: Partial<Record<State['Type'], MakeRunnable>> = {
  Task: (_name, state, scope) => task(state, scope),
  Wait: (_name, state, scope) => wait(state, scope),
  Parallel: (_name, state, scope) => parallel(state, scope),
  Map: (name, state, scope) =>
    isDistributed(state) ? distributedMap(name, state, scope) : inlineMap(state, scope),
}

/** Node's timers hold 31 bits of milliseconds; AWS's default timeout (99,999,999 s) is longer. */
const timeoutSecondsMax = 2_147_483

/** The library times a Task out after 60 s where nothing is said; AWS does so after three years. */
function withSeconds(state: State, secondMs: number): State {
  const scale = secondMs / 1000
  const scaled: State = { ...state }
  if (state.Type === 'Task' && state['TimeoutSecondsPath'] === undefined) {
    const seconds = typeof state['TimeoutSeconds'] === 'number' ? state['TimeoutSeconds'] : timeoutSecondsMax
    scaled['TimeoutSeconds'] = Math.min(seconds, timeoutSecondsMax) * scale
  }
  if (Array.isArray(state['Retry'])) {
    scaled['Retry'] = state['Retry'].map((retrier: Record<string, unknown>) => ({
      ...retrier,
      IntervalSeconds: Number(retrier['IntervalSeconds'] ?? 1) * scale,
      ...(retrier['MaxDelaySeconds'] !== undefined && {
        MaxDelaySeconds: Number(retrier['MaxDelaySeconds']) * scale,
      }),
    }))
  }
  return scaled
}
