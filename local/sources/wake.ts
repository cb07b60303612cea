/** Lets a poller sleep until there is something to do. */
export type Wake = {
  call(): void
  /** Resolves at a call (also one since the last sleep), after `ms`, or at the stop. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export function createWake(): Wake {
  let called = false
  let resolveSleep: (() => void) | undefined
  return {
    call() {
      called = true
      resolveSleep?.()
    },
    async sleep(ms, signal) {
      if (!called && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const end = (): void => {
            clearTimeout(timer)
            signal.removeEventListener('abort', end)
            resolve()
          }
          const timer = setTimeout(end, Math.max(0, ms))
          signal.addEventListener('abort', end, { once: true })
          resolveSleep = end
        })
      }
      resolveSleep = undefined
      called = false
    },
  }
}
