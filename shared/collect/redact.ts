import { createHmac } from 'node:crypto'
import type { Platform } from '../platforms/definition.ts'

/** Hex digits of a tag: two secrets of one configuration look alike once in four billion times. */
const tagDigits = 8
/** Stands for what the device writes anew at every show; a keyed tag would make each backup differ from the last. */
const saltedTag = '<secret:salted>'

/** Secrets of every platform: private keys, which run over lines, and passwords in addresses. */
const everywhere: readonly RegExp[] = [
  /(?<secret>-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY-----[^-]{1,20000}(?:-[^-]{1,200}){0,20}-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY-----)/,
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{1,128}:(?<secret>[^\s@/]{1,256})@/,
]

export type Redacted = { text: string; secrets: number }

/**
 * Replaces each secret by `<secret:…>`, an HMAC-SHA-256 of it under the key: the same secret gives the same tag on all
 * devices, a changed one a visible change, and without the key the tag says nothing, not even to a guess.
 * Hashes and ciphers are secrets too. `secrets` counts the tags put in.
 */
export function redact(platform: Platform, text: string, key: string | Uint8Array): Redacted {
  let secrets = 0
  const tagOf = (secret: string): string => {
    secrets += 1
    return `<secret:${createHmac('sha256', key).update(secret).digest('hex').slice(0, tagDigits)}>`
  }
  let redacted = text
  for (const pattern of patternsOf(platform)) {
    redacted = replaceGroups(redacted, pattern, (secret, salted) => {
      if (!salted) return tagOf(secret)
      secrets += 1
      return saltedTag
    })
  }
  return { text: redacted, secrets }
}

/** With `d` the engine tells where a group stands, which matters where a user's name equals the password. */
const compiled = new WeakMap<Platform, readonly RegExp[]>()

function patternsOf(platform: Platform): readonly RegExp[] {
  const known = compiled.get(platform)
  if (known) return known
  const patterns = [...platform.secrets, ...everywhere].map(({ source }) => new RegExp(source, 'dgm'))
  compiled.set(platform, patterns)
  return patterns
}

function replaceGroups(
  text: string,
  pattern: RegExp,
  tagOf: (secret: string, salted: boolean) => string,
): string {
  const pieces: string[] = []
  let copied = 0
  for (const match of text.matchAll(pattern)) {
    const salted = match.groups?.['salted'] !== undefined
    const secret = match.groups?.[salted ? 'salted' : 'secret']
    const [start, end] = match.indices?.groups?.[salted ? 'salted' : 'secret'] ?? [0, 0]
    if (secret === undefined || start < copied || isNoSecret(secret)) continue
    pieces.push(text.slice(copied, start), tagOf(secret, salted))
    copied = end
  }
  return copied === 0 ? text : pieces.join('') + text.slice(copied)
}

/** A tag that stands already, or the asterisks by which a device hides what it will not show. */
const isNoSecret = (secret: string): boolean => secret.startsWith('<secret:') || /^\*+$/.test(secret)
