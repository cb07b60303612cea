export type Latency = { name: string; count: number; p50: number; p99: number; units?: number }

/** Milliseconds of each call, one after the other, after some to warm up. */
export async function measureCalls(
  call: (n: number) => Promise<unknown>,
  { warm, count }: { warm: number; count: number },
): Promise<number[]> {
  for (let n = 0; n < warm; n++) await call(n)
  const taken: number[] = []
  for (let n = 0; n < count; n++) {
    const startedMs = performance.now()
    await call(warm + n)
    taken.push(performance.now() - startedMs)
  }
  return taken
}

export const quantile = (taken: readonly number[], part: number): number => {
  const sorted = [...taken].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}
