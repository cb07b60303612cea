/** Asks for one thing of a space, by its text. @param readAtMs when the look began that found it free. */
export type Claim = (text: string, readAtMs: number) => boolean

/** How long it is remembered when something was given out: longer than a look takes. */
const rememberedMs = 10_000

/** `inFlight`: chosen, not yet written; `given`: when it was written. */
type Space = { inFlight: Set<string>; given: Map<string, number> }

export type InFlight = {
  claim: Claim
  /** Whether something was left to others who may still fail. */
  hasYielded: () => boolean
  /** Ends all claims; what was written is not taken for free by those who looked before. */
  end: (isWritten: boolean) => void
}

const spaces = new Map<string, Space>()

/**
 * Callers within one process keep out of each other's way without asking the table: what one has chosen, no other
 * chooses. Between processes the transactions decide.
 */
export function startClaims(name: string, avoid: ReadonlySet<string>): InFlight {
  const space = spaces.get(name) ?? { inFlight: new Set<string>(), given: new Map<string, number>() }
  spaces.set(name, space)
  const own = new Set<string>()
  let hasYielded = false
  return {
    hasYielded: () => hasYielded,
    claim(text, readAtMs) {
      const isInFlight = space.inFlight.has(text)
      hasYielded ||= isInFlight
      if (isInFlight || avoid.has(text) || (space.given.get(text) ?? -Infinity) >= readAtMs) return false
      space.inFlight.add(text)
      own.add(text)
      return true
    },
    end(isWritten) {
      const atMs = performance.now()
      for (const text of own) {
        space.inFlight.delete(text)
        if (isWritten) space.given.set(text, atMs)
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
