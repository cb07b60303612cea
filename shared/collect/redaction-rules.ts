import { createHash } from 'node:crypto'
import type { Platform } from '../platforms/definition.ts'
import { platforms } from '../platforms/list.ts'
import { version } from '../version.ts'
import { everywhere } from './redact.ts'
import * as words from './secret-words.ts'

/**
 * Tells the rules of redaction of this release, with its platforms, from those of another: a text that was prepared
 * by others is to be prepared again.
 */
export const redactionRules: string = rulesOf(platforms)

/** By what the rules are made of, so that nobody has to remember to count them. @public */
export function rulesOf(given: readonly Pick<Platform, 'id' | 'secrets'>[]): string {
  const { kinds, ...others } = words
  const patterns = Object.values(others).filter((word) => word instanceof RegExp)
  const rules = [
    version,
    [...patterns, ...everywhere].map(String),
    kinds.map(([pattern, kind]) => [String(pattern), kind ?? null]),
    given.map(({ id, secrets }) => [id, secrets.map(String)]),
  ]
  return createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 16)
}
