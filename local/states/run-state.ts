import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions'
import type { State } from './definition.ts'
import { StateFailure, Stopped, throwIfStopped } from './failure.ts'

/** What the library reports while it runs a state. */
export type StateEvent = {
  type: string
  state?: { name: string; type: string; input: unknown; output?: unknown }
  Error?: string
  Cause?: unknown
  mapRunArn?: string
}

export type StateRun = {
  name: string
  state: State
  input: unknown
  context: Record<string, unknown>
  signal: AbortSignal
  /** Does the work of a Task; every attempt calls it. */
  work?: (input: unknown) => Promise<unknown>
  onEvent?: (event: StateEvent) => void
}

type LibraryValue = Parameters<StateMachine['run']>[0]

/**
 * Runs one state by the library: its data flow, Choice rules, Retry and Catch. The library would run the whole
 * machine too, but then nested states lose the context object, an abort in a back-off starts the task once more,
 * and no payload limit holds: so the walk from state to state is ours.
 * @returns the output, and the name of the next state or undefined at the end.
 */
export async function runState(run: StateRun): Promise<{ output: unknown; next: string | undefined }> {
  const { state, targets } = withMarkedTargets(run.state)
  const ends = Object.fromEntries(targets.map((target) => [target, { Type: 'Succeed' }]))
  const definition = { StartAt: run.name, States: { [run.name]: state, ...ends } } as unknown
  const machine = new StateMachine(definition as StateMachineDefinition, {
    validationOptions: { noValidate: true },
  })
  throwIfStopped(run.signal)
  const { work } = run
  const execution = machine.run(run.input as LibraryValue, {
    context: run.context,
    overrides: {
      taskResourceLocalHandlers:
        work === undefined
          ? {}
          : {
              [run.name]: async (input) => {
                // An abort ends the library's back-off early and tries again: not any more.
                throwIfStopped(run.signal)
                return (await work(input)) as LibraryValue
              },
            },
    },
  })
  const abort = (): void => execution.abort()
  run.signal.addEventListener('abort', abort, { once: true })
  const followed = follow(execution.eventLogs as AsyncIterable<StateEvent>, run)
  try {
    const output: unknown = await execution.result
    return { output, next: await followed }
  } catch (error) {
    await followed
    throw failureOf(error, run.signal)
  } finally {
    run.signal.removeEventListener('abort', abort)
  }
}

/** Fills in a payload template (`"name.$": "$.path"`, intrinsic functions) as the library does for every state. */
export async function fillTemplate(
  template: unknown,
  input: unknown,
  context: Record<string, unknown>,
): Promise<unknown> {
  const state: State = { Type: 'Pass', Parameters: template, End: true }
  const run = { name: 'Fill', state, input, context, signal: new AbortController().signal }
  return (await runState(run)).output
}

/** A state may lead to itself, so where it leads to gets a name of its own. */
const mark = '\u0000'

function withMarkedTargets(state: State): { state: State; targets: string[] } {
  const targets = new Set<string>()
  const marked = (value: Record<string, unknown>, member: string): Record<string, unknown> => {
    const target = value[member]
    if (typeof target !== 'string') return value
    targets.add(mark + target)
    return { ...value, [member]: mark + target }
  }
  const markedAll = (list: unknown): unknown =>
    Array.isArray(list) ? list.map((member: Record<string, unknown>) => marked(member, 'Next')) : list
  const result = marked(marked({ ...state }, 'Next'), 'Default')
  for (const member of ['Catch', 'Choices']) {
    if (result[member] !== undefined) result[member] = markedAll(result[member])
  }
  return { state: result as State, targets: [...targets] }
}

async function follow(events: AsyncIterable<StateEvent>, run: StateRun): Promise<string | undefined> {
  let next: string | undefined
  for await (const event of events) {
    const name = event.state?.name
    if (name !== undefined && name.startsWith(mark) && name !== run.name) next = name.slice(mark.length)
    else if (name !== undefined) run.onEvent?.(event)
  }
  return next
}

function failureOf(error: unknown, signal: AbortSignal): StateFailure {
  if (signal.aborted) return new Stopped()
  const cause = error instanceof Error && error.name === 'ExecutionError' ? error.cause : error
  if (cause instanceof StateFailure) return cause
  if (!(cause instanceof Error)) return new StateFailure('States.Runtime', String(cause), { terminal: true })
  // The library's name for a Fail state that names no error.
  const name = cause.name === 'FailStateError' ? '' : cause.name
  const known = 'isRetryable' in cause
  return new StateFailure(known ? name : 'States.Runtime', cause.message, {
    terminal: !known || cause.isRetryable === false,
  })
}
