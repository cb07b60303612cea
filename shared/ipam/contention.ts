/**
 * What this process has seen of others who look for the same: nobody, and a search begins at the very first free
 * place; the more races it lost lately, the wider it spreads.
 */
const quietMs = 1500
const levelMax = 6
const spacesMax = 1000

type Seen = { level: number; atMs: number }
type Contention = {
  levelOf(space: string): number
  /** @returns how wide to spread from now on. */
  lost(space: string): number
}

/** @param nowMs a clock that does not jump. */
export function createContention(nowMs: () => number = () => performance.now()): Contention {
  const seen = new Map<string, Seen>()
  const levelOf = (space: string): number => {
    const one = seen.get(space)
    return one === undefined || nowMs() - one.atMs > quietMs ? 0 : one.level
  }
  return {
    levelOf,
    lost(space) {
      const level = Math.min(levelMax, levelOf(space) + 1)
      seen.delete(space)
      seen.set(space, { level, atMs: nowMs() })
      const [oldest] = seen.keys()
      if (seen.size > spacesMax && oldest !== undefined) seen.delete(oldest)
      return level
    },
  }
}
