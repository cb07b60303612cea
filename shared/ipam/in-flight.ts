/** Asks for one thing of a space, by its text. @param readAtMs when the look began that found it free. */
export type Claim = (text: string, readAtMs: number) => boolean

/** How long it is remembered when something was given out: longer than a look takes. */
const rememberedMs = 10_000

/** `inFlight`: chosen, not yet written; `given`: when it was written. */
type Space = { inFlight: Set<string>; given: Map<string, number>; counts: Map<string, number> }

export type IsCrowded = (group: string, size: number) => boolean

export type InFlight = {
  claim: Claim
  /** Whether something was left to others who may still fail. */
  hasYielded: () => boolean
  /** Whether so many of a group are chosen by this process that a search need not look there. */
  isCrowded: IsCrowded
  /** Ends all claims; what was written is not taken for free by those who looked before. */
  end: (isWritten: boolean) => void
}

const spaces = new Map<string, Space>()

/**
 * Callers within one process keep out of each other's way without asking the table: what one has chosen, no other
 * chooses. Between processes the transactions decide.
 */
export function startClaims(
  name: string,
  avoid: ReadonlySet<string>,
  groupOf: (text: string) => string,
): InFlight {
  const space: Space = spaces.get(name) ?? { inFlight: new Set(), given: new Map(), counts: new Map() }
  spaces.set(name, space)
  const own = new Set<string>()
  let hasYielded = false
  const count = (text: string, by: 1 | -1): void => {
    const group = groupOf(text)
    const left = (space.counts.get(group) ?? 0) + by
    if (left > 0) space.counts.set(group, left)
    else space.counts.delete(group)
  }
  return {
    hasYielded: () => hasYielded,
    isCrowded(group, size) {
      const isFull = (space.counts.get(group) ?? 0) >= size
      hasYielded ||= isFull
      return isFull
    },
    claim(text, readAtMs) {
      const isInFlight = space.inFlight.has(text)
      hasYielded ||= isInFlight
      if (isInFlight || avoid.has(text) || (space.given.get(text) ?? -Infinity) >= readAtMs) return false
      space.inFlight.add(text)
      own.add(text)
      count(text, 1)
      return true
    },
    end(isWritten) {
      const atMs = performance.now()
      for (const text of own) {
        space.inFlight.delete(text)
        count(text, -1)
        if (!isWritten) continue
        // The newest last.
        space.given.delete(text)
        space.given.set(text, atMs)
      }
      for (const [text, givenMs] of space.given) {
        if (givenMs > atMs - rememberedMs) break
        space.given.delete(text)
      }
      if (space.inFlight.size === 0 && space.given.size === 0) spaces.delete(name)
    },
  }
}

/** For looks that take nothing. */
export const noClaims: Claim = () => true
