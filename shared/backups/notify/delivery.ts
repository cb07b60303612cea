import { setTimeout as wait } from 'node:timers/promises'

/** Why a notification was not delivered; `isPassing` where another attempt may succeed. */
export class DeliveryError extends Error {
  override name = 'DeliveryError'
  readonly isPassing: boolean
  constructor(message: string, isPassing: boolean) {
    super(message)
    this.isPassing = isPassing
  }
}

const attemptsMax = 3
const firstPauseMs = 1000

/** @returns how many attempts it took, and why it failed where it did. */
export async function deliver(
  send: () => Promise<void>,
  sleep: (ms: number) => Promise<unknown> = wait,
): Promise<{ attempts: number; error?: string }> {
  for (let attempt = 1; ; attempt++) {
    try {
      await send()
      return { attempts: attempt }
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause)
      const isPassing = cause instanceof DeliveryError && cause.isPassing
      if (!isPassing || attempt === attemptsMax) return { attempts: attempt, error }
      await sleep(firstPauseMs * 4 ** (attempt - 1))
    }
  }
}
