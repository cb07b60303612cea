import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { State } from './definition.ts'
import { StateFailure, Stopped } from './failure.ts'
import type { Runnable, Scope } from './scope.ts'

/** The longest a timer of Node takes. */
const timerMsMax = 2 ** 31 - 1

const WaitInput = z.object({
  input: z.unknown(),
  seconds: z.number().nonnegative().optional(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
})

export function wait(state: State, scope: Scope): Runnable {
  const { Seconds, SecondsPath, Timestamp, TimestampPath, ...rest } = state
  const template = {
    'input.$': '$',
    ...(Seconds !== undefined && { seconds: Seconds }),
    ...(SecondsPath !== undefined && { 'seconds.$': SecondsPath }),
    ...(Timestamp !== undefined && { timestamp: Timestamp }),
    ...(TimestampPath !== undefined && { 'timestamp.$': TimestampPath }),
  }
  return {
    state: { ...rest, Type: 'Task', Parameters: template },
    work: async (given) => {
      const parsed = WaitInput.safeParse(given)
      if (!parsed.success)
        throw new StateFailure('States.Runtime', z.prettifyError(parsed.error), { terminal: true })
      const { input, seconds, timestamp } = parsed.data
      const now = scope.host.now().getTime()
      await waitMs(
        timestamp === undefined ? (seconds ?? 0) * scope.secondMs : new Date(timestamp).getTime() - now,
        scope.signal,
      )
      return input
    },
  }
}

/** @throws Stopped as soon as the signal is given. */
export async function waitMs(ms: number, signal: AbortSignal): Promise<void> {
  let left = ms
  try {
    while (left > 0) {
      const part = Math.min(left, timerMsMax)
      await sleep(part, undefined, { signal })
      left -= part
    }
  } catch (error) {
    if (signal.aborted) throw new Stopped()
    throw error
  }
}
