import type { Throttle } from '../template/resources.ts'

/** A token bucket: `rate` tokens a second, at most `burst` of them. */
export function createThrottle({ rate, burst }: Throttle, nowMs: () => number): () => boolean {
  let tokens = burst
  let filledAtMs = nowMs()
  return () => {
    const atMs = nowMs()
    tokens = Math.min(burst, tokens + ((atMs - filledAtMs) / 1000) * rate)
    filledAtMs = atMs
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
