/** Runs tasks, at most `width` of them at a time, in the order they were given. */
export function atMost(width: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (task) => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await task()
    } finally {
      // A task that waits takes over the place, so `running` stays as it is.
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

/** Maps a stream in its order, working on `width` items at a time and holding no more than these. */
export async function* mapAhead<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  width: number,
  map: (item: T) => Promise<R>,
): AsyncIterable<R> {
  const pending: Promise<R>[] = []
  for await (const item of items) {
    const result = map(item)
    // Its turn to be awaited comes later; until then a failure is not an unhandled one.
    result.catch(() => {})
    pending.push(result)
    const oldest = pending.length >= width ? pending.shift() : undefined
    if (oldest !== undefined) yield await oldest
  }
  for (const result of pending) yield await result
}
