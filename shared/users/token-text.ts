import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * A token as its owner sees it: `nkp_`, 30 random base62 characters (178 bits) and 6 of their CRC-32, so that scanners
 * find leaked ones and a mistyped one is refused without a look at the table.
 */
const prefix = 'nkp_'
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const secretLength = 30
const checkLength = 6
/** Characters that are kept in clear to tell tokens apart. */
const startLength = 8

export function newTokenText(): string {
  const secret = Array.from({ length: secretLength }, () => alphabet[randomInt(alphabet.length)]).join('')
  return `${prefix}${secret}${checkOf(secret)}`
}

export function isTokenText(text: string): boolean {
  const match = /^nkp_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/.exec(text)
  return match !== null && checkOf(match[1] ?? '') === match[2]
}

/** What is stored. The text has enough randomness for a plain hash. */
export const tokenHash = (text: string): string => createHash('sha256').update(text).digest('hex')

export const tokenStart = (text: string): string => text.slice(0, startLength)

function checkOf(secret: string): string {
  let rest = crc32(secret)
  let digits = ''
  for (let count = 0; count < checkLength; count++) {
    digits = `${alphabet[rest % alphabet.length]}${digits}`
    rest = Math.floor(rest / alphabet.length)
  }
  return digits
}
