import { createHmac, randomBytes } from 'node:crypto'
import type { Platform } from '../platforms/definition.ts'
import { secretsIn, type Span } from './secret-lines.ts'

/** Hex digits of a tag: two secrets of one configuration look alike once in four billion times. */
const tagDigits = 8
/** Stands for what the device writes anew at every show; a keyed tag would make each backup differ from the last. */
const saltedTag = '<secret:salted>'
/** Stands for a secret that is told from no other. */
export const hiddenTag = '<secret:hidden>'

/**
 * Secrets that show by their form, on every platform and wherever they stand: private keys (in the clear, or base64 in
 * XML), passwords in addresses, hashes and ciphers with the marks of their scheme, signed tokens.
 */
export const everywhere: readonly RegExp[] = [
  /(?<secret>-{4,5} ?BEGIN (?:[A-Za-z0-9]{1,20} ){0,4}(?:PRIVATE KEY(?: BLOCK)?|Static key V\d) ?-{4,5}[^-]{1,20000}(?:-[^-]{1,200}){0,20}-{4,5} ?END (?:[A-Za-z0-9]{1,20} ){0,4}(?:PRIVATE KEY(?: BLOCK)?|Static key V\d) ?-{4,5})/,
  /(?<secret>LS0tLS1CRUdJTi(?:BQUklWQVRFIE|BSU0EgUFJJVkFUR|BFQyBQUklWQVRF|BPUEVOU1NIIFBSSVZBV|BFTkNSWVBURUQgUFJJVkFU|BEU0EgUFJJVkFUR)[A-Za-z0-9+/=]{1,20000})/,
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{1,128}:(?<secret>[^\s@/]{1,256})@/,
  /(?<secret>\$(?:[0-9]{1,2}|2[abxy]|[ch]|y|gy|7|M|sm3|ml|apr1|md5|sha\d{1,3}|bcrypt|scrypt|argon2(?:id|i|d)|pbkdf2[\w-]{0,12})\$[^\s"'<>;)}\]]{4,1024})/,
  /(?<secret>\{(?:SSHA|SHA|MD5|SMD5|CRYPT|PBKDF2|ARGON2|enc|aes|cipher|vault)[\w-]{0,12}\}[^\s"'<>;]{8,512})/i,
  /(?<secret>%\^%#\S{4,512}?%\^%#)/,
  /(?<secret>%[@$]%[@#$%]\S{4,512}?%[@$]%[@#$%])/,
  /(?<secret>\beyJ[\w-]{10,2048}\.eyJ[\w-]{10,4096}\.[\w-]{10,1024})/,
  /(?<secret>\b(?:ghp|gho|ghs|glpat|xox[abprs]|sk_live|hvs)[_-][\w-]{16,256})/,
  // What a device encrypts with a new salt at every show.
  /\bENC (?<salted>[A-Za-z0-9+/=]{16,4096})/,
  /<[\w:.-]{0,40}community(?: [\w:.-]{1,40}="[^"\n]{0,80}"){0,4} (?:name|value)="(?<secret>[^"\n]{1,128})"/i,
  // The community of a receiver of traps; ASA puts its name before it.
  /^ {0,8}snmp(?:-server)? (?:trap-)?host (?![^\n]{0,160}community)[^\n]{1,160}? version (?:v?1|v?2c) "?(?!udp-port|port |vrf |traps|informs|\d{1,5}$)(?<secret>[^\s"]{1,128})/,
  // Keys of IPsec that is set up by hand: hex digits behind a security parameter index.
  /(?<=\b(?:spi|session-key) [^\n]{1,160} )(?<secret>[0-9A-Fa-f]{16,128})(?=\s|$)/,
  /^com2sec6? (?:-Cn \S{1,64} )?\S{1,64} \S{1,64} (?<secret>\S{1,128})/,
  /<community>\s{0,80}<name>(?<secret>[^<\n]{1,128})</,
  // A file of NTP keys.
  /^ {0,4}\d{1,5}[ \t]{1,8}(?:M|MD5|SHA-?\d{0,3}|AES-?\d{0,3}\w{0,4})[ \t]{1,8}(?:HEX:|ASCII:)?(?<secret>\S{4,256})$/,
  /^ {0,8}trap2?sink \S{1,64} (?<secret>\S{1,128})/,
  /^ {0,8}informsink \S{1,64} (?<secret>\S{1,128})/,
  // Type 7: pairs of hex digits behind a two-digit start.
  / 7 (?<secret>[01]\d(?:[0-9A-Fa-f]{2}){3,128})(?=\s|$)/,
  // The hash stands before what tells that it is one.
  /"(?<secret>[^\s"]{6,512})" (?:hash2?|custom-hash)(?=\s|$)/,
  / (?<secret>[^\s"]{6,512}) (?:hash2|-encrypted|custom-hash)(?=\s|$)/,
]

export type Redacted = { text: string; secrets: number }

/**
 * Replaces each secret by `<secret:…>`, an HMAC-SHA-256 of it under the key: the same secret gives the same tag on all
 * devices, a changed one a visible change, and without the key the tag says nothing, not even to a guess.
 * Hashes and ciphers are secrets too. `secrets` counts the tags put in.
 */
export function redact(platform: Platform, text: string, key: string | Uint8Array): Redacted {
  return replaceSecrets(platform, text, (secret, salted) =>
    salted
      ? saltedTag
      : `<secret:${createHmac('sha256', key).update(secret).digest('hex').slice(0, tagDigits)}>`,
  )
}

/** Where the secrets of a text stand: what `redact` would replace, in order, none of them overlapping. */
export function secretSpans(platform: WithSecrets, text: string): Span[] {
  const found: string[] = []
  // Random, so that no device can print one of these tags itself.
  const mark = randomBytes(8).toString('hex')
  const tags = new RegExp(`<secret:${mark}(\\d+)>`, 'g')
  const restored = (tagged: string): string =>
    tagged.replace(tags, (_, index: string) => restored(found[Number(index)] ?? ''))
  const redacted = replaceSecrets(platform, text, (secret) => `<secret:${mark}${found.push(secret) - 1}>`)
  const spans: Span[] = []
  let shift = 0
  for (const match of redacted.text.matchAll(tags)) {
    const start = match.index + shift
    const end = start + restored(match[0]).length
    spans.push({ start, end })
    shift = end - match.index - match[0].length
  }
  return spans
}

/**
 * A text that was redacted by the rules of its day, by those of today: what they find besides is hidden. Whoever reads
 * stored texts has no key, so such a secret has no tag of its own. Tags that stand already stay as they are.
 */
export const redactAgain = (platform: WithSecrets, text: string): string =>
  replaceSecrets(platform, text, (_, salted) => (salted ? saltedTag : hiddenTag)).text

type WithSecrets = Pick<Platform, 'secrets'>

function replaceSecrets(
  platform: WithSecrets,
  text: string,
  replacementOf: (secret: string, salted: boolean) => string,
): Redacted {
  let secrets = 0
  const tagOf = (secret: string, salted = false): string => {
    secrets += 1
    return replacementOf(secret, salted)
  }
  let redacted = text
  for (const pattern of patternsOf(platform)) redacted = replaceGroups(redacted, pattern, tagOf)
  const lines = redacted.split('\n').map((line) => replaceSpans(line, secretsIn(line), tagOf))
  return { text: lines.join('\n'), secrets }
}

function replaceSpans(line: string, spans: readonly Span[], tagOf: (secret: string) => string): string {
  let copied = 0
  const pieces: string[] = []
  for (const { start, end } of spans) {
    pieces.push(line.slice(copied, start), tagOf(line.slice(start, end)))
    copied = end
  }
  return pieces.length === 0 ? line : pieces.join('') + line.slice(copied)
}

/** With `d` the engine tells where a group stands, which matters where a user's name equals the password. */
const compiled = new WeakMap<WithSecrets, readonly RegExp[]>()

function patternsOf(platform: WithSecrets): readonly RegExp[] {
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

/** A tag that stands already (its head alone, for a pattern that ends at a colon), or the asterisks by which a device hides what it will not show. */
const isNoSecret = (secret: string): boolean =>
  /^<secret(?::|$)/.test(secret) || /^(?:\*+|\.{3,}|x{3,})$/i.test(secret)
