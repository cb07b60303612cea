/** Something with a next time. `fire` gets the time it was due at. */
type Due = { nextAfter(after: Date): Date | undefined; fire(dueAt: Date): void }

export type Clockwork = {
  /** Replaces what goes by this key. `from`: the time after which it is first due. */
  set(key: string, due: Due, from: Date): void
  remove(key: string): void
  /** Fires what has become due; called by the timer, and by tests that set the clock. */
  check(): void
  stop(): void
}

/** The timer looks at the clock at least this often: a laptop that slept must not wait for the rest of a long timer. */
const lookMsMax = 30_000

/**
 * Keeps many times with one timer. Of several occurrences that passed at once (the machine slept) the latest fires.
 */
export function createClockwork(now: () => Date): Clockwork {
  const entries = new Map<string, { due: Due; nextAt: Date }>()
  let timer: NodeJS.Timeout | undefined
  let isStopped = false

  const arm = (): void => {
    clearTimeout(timer)
    if (isStopped || entries.size === 0) return
    const nextMs = Math.min(...[...entries.values()].map(({ nextAt }) => nextAt.getTime()))
    timer = setTimeout(check, Math.min(Math.max(nextMs - now().getTime(), 0), lookMsMax))
    // Waiting for a time keeps no process alive.
    timer.unref()
  }

  const check = (): void => {
    const at = now()
    for (const [key, entry] of entries) {
      if (entry.nextAt > at) continue
      let dueAt = entry.nextAt
      let following = entry.due.nextAfter(dueAt)
      while (following !== undefined && following <= at) {
        dueAt = following
        following = entry.due.nextAfter(dueAt)
      }
      if (following === undefined) entries.delete(key)
      else entries.set(key, { due: entry.due, nextAt: following })
      entry.due.fire(dueAt)
    }
    arm()
  }

  return {
    set(key, due, from) {
      const nextAt = due.nextAfter(from)
      if (nextAt === undefined) entries.delete(key)
      else entries.set(key, { due, nextAt })
      arm()
    },
    remove(key) {
      entries.delete(key)
      arm()
    },
    check,
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
