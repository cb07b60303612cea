import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { StateFailure } from './failure.ts'
import type { StateEvent } from './run-state.ts'

/** An event as GetExecutionHistory answers it; `timestamp` in seconds since 1970. */
export type HistoryEvent = { timestamp: number; type: string; id: number; previousEventId: number } & Record<
  string,
  unknown
>

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: then the execution fails. */
const historyEventsMax = 25_000

export type History = {
  add(type: string, details?: Record<string, unknown>): void
  addStateEvent: (event: StateEvent) => void
}

/** Appends one JSON line per event. */
export function openHistory(file: string, now: () => Date, onFull: (failure: StateFailure) => void): History {
  mkdirSync(dirname(file), { recursive: true })
  let id = 0
  const add: History['add'] = (type, details = {}) => {
    id += 1
    if (id === historyEventsMax) onFull(historyFull())
    if (id > historyEventsMax) return
    const event: HistoryEvent = {
      timestamp: now().getTime() / 1000,
      type,
      id,
      previousEventId: id - 1,
      ...details,
    }
    appendFileSync(file, `${JSON.stringify(event)}\n`, { mode: 0o600 })
  }
  return {
    add,
    addStateEvent(event) {
      const [type, details] = describe(event)
      if (type !== undefined) add(type, details)
    },
  }
}

const historyFull = (): StateFailure =>
  new StateFailure('States.Runtime', `The execution reached ${historyEventsMax} history events.`, {
    terminal: true,
  })

/** The library's events under AWS's names. */
function describe(event: StateEvent): [string | undefined, Record<string, unknown>] {
  if (event.mapRunArn !== undefined) {
    return [
      event.type,
      event.type === 'MapRunStarted' ? { mapRunStartedEventDetails: { mapRunArn: event.mapRunArn } } : {},
    ]
  }
  const { state } = event
  if (state === undefined) return [undefined, {}]
  const failed = {
    error: event.Error,
    cause: typeof event.Cause === 'string' ? event.Cause : text(event.Cause),
  }
  switch (event.type) {
    case 'StateEntered':
      return [
        `${state.type}StateEntered`,
        { stateEnteredEventDetails: { name: state.name, input: text(state.input) } },
      ]
    case 'StateExited':
      return [
        `${state.type}StateExited`,
        { stateExitedEventDetails: { name: state.name, output: text(state.output) } },
      ]
    case 'StateFailed':
      return state.type === 'Task' ? ['TaskFailed', { taskFailedEventDetails: failed }] : [undefined, {}]
    default:
      return [undefined, {}]
  }
}

const text = (value: unknown): string => JSON.stringify(value) ?? 'null'

/** Every event of a kept execution; none where there is no history. */
export function readHistory(file: string): HistoryEvent[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as HistoryEvent]
      } catch {
        // The last line of a killed process may be cut short.
        return []
      }
    })
}

export function removeHistory(file: string): void {
  rmSync(file, { force: true })
}
