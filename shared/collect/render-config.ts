import { createHash } from 'node:crypto'
import type { Platform } from '../platforms/definition.ts'
import { clean } from './clean.ts'
import { redact } from './redact.ts'

export type RenderedConfig = {
  /** Cleaned and redacted: fit for git, diffs and logs. */
  text: string
  /** Hex SHA-256 of the text in UTF-8: equal means unchanged. */
  sha256: string
  /** How many secrets were replaced. */
  secrets: number
}

/**
 * What is stored and compared of a raw configuration. Redaction comes before the hash, so that the hash of a known text
 * cannot be used to confirm a guessed secret.
 */
export function renderConfig(
  platform: Platform,
  raw: string,
  redactionKey: string | Uint8Array,
): RenderedConfig {
  const { text, secrets } = redact(platform, clean(platform, raw), redactionKey)
  return { text, secrets, sha256: createHash('sha256').update(text, 'utf8').digest('hex') }
}
