import { createHash } from 'node:crypto'
import type { Platform } from '../platforms/definition.ts'
import { separate, type VolatileLine } from './clean.ts'
import { lastChangeIn, type LastChange } from './last-change.ts'
import { redact } from './redact.ts'

export type RenderedConfig = {
  /** Cleaned and redacted: fit for git, diffs and logs. */
  text: string
  /** Hex SHA-256 of the text in UTF-8: equal means unchanged. */
  sha256: string
  /** How many secrets were replaced. */
  secrets: number
  /** Lines that change by themselves, redacted too: kept beside the text, neither compared nor hashed. */
  volatile: VolatileLine[]
  /** Where the device says it. */
  lastChange?: LastChange
}

/** Platforms print a handful; more would only swell the version's item. */
const volatileLinesMax = 100

/**
 * What is stored and compared of a raw configuration. Redaction comes before the hash, so that the hash of a known text
 * cannot be used to confirm a guessed secret.
 */
export function renderConfig(
  platform: Platform,
  raw: string,
  redactionKey: string | Uint8Array,
): RenderedConfig {
  const separated = separate(platform, raw)
  const { text, secrets } = redact(platform, separated.text, redactionKey)
  const volatile = separated.volatile.slice(0, volatileLinesMax).map(({ after, line }) => ({
    after,
    line: redact(platform, line, redactionKey).text,
  }))
  const sha256 = createHash('sha256').update(text, 'utf8').digest('hex')
  // Out of the redacted lines: what stands where a name should be, but is a secret, is a tag by now, and no name.
  const lastChange = lastChangeIn(platform, volatile)
  return { text, secrets, sha256, volatile, ...(lastChange === undefined ? {} : { lastChange }) }
}
