import type { Platform } from '../../platforms/definition.ts'
import { hiddenTag, secretSpans } from '../redact.ts'
import type { Span } from '../secret-lines.ts'
import type { Rendered } from '../terminal.ts'
import { startsOf } from './views.ts'

/** A shorter secret of a credential is masked only where it stands as a word. */
export const insideWordsChars = 6
/** What stands for a secret. Without brackets: a line that ends in one may be a prompt, and XML would be none any more. */
export const mask = (number: number): string => `masked-${number}`
export const masks = /\bmasked-\d{1,6}\b/g
/** The first and last line of a private key tell what it is, and nothing of it. */
const keyFrame = /-{4,5} ?(?:BEGIN|END) [A-Za-z0-9 ]{1,80}-{4,5}/g

/** A private key from its first line on. The redaction knows whole ones; a session may break off, or page, within one. */
const keyStart = /-{4,5} ?BEGIN (?:[A-Za-z0-9]{1,20} ){0,4}(?:PRIVATE KEY|Static key V\d)/g
const keyEnd = /-{4,5} ?END (?:[A-Za-z0-9]{1,20} ){0,4}(?:PRIVATE KEY|Static key V\d)/g

/** From the first to behind the last character in the stream, and what is put there. */
export type Mark = Span & { text: string }

export function markOf({ origins }: Rendered, { start, end }: Span, text: string): Mark {
  // A line that was drawn out of order stands between its outermost characters.
  let first = Infinity
  let last = 0
  for (let at = start; at < end; at += 1) {
    first = Math.min(first, origins[at] ?? first)
    last = Math.max(last, origins[at] ?? last)
  }
  return { start: first, end: last + 1, text }
}

/**
 * What the redaction finds in a text that may have masks. It gets tags for these, which it knows: a mask does not have
 * the form of what it stands for, and the word before it would be taken instead.
 */
export function spansBeside(platform: Platform, text: string): Span[] {
  const shifts: { from: number; by: number }[] = []
  let by = 0
  const tagged = text.replace(masks, (found, at: number) => {
    by += hiddenTag.length - found.length
    shifts.push({ from: at + found.length + by, by })
    return hiddenTag
  })
  let next = 0
  let shift = 0
  const inText = (place: number): number => {
    for (let one = shifts[next]; one !== undefined && one.from <= place; one = shifts[next]) {
      shift = one.by
      next += 1
    }
    return place - shift
  }
  return secretSpans(platform, tagged).map(({ start, end }) => ({ start: inText(start), end: inText(end) }))
}

/** Private keys, up to their end or that of the text. */
export function keysIn(text: string): Span[] {
  const found: Span[] = []
  let read = 0
  for (const { index } of text.matchAll(keyStart)) {
    if (index < read) continue
    keyEnd.lastIndex = index
    read = keyEnd.exec(text)?.index ?? text.length
    found.push({ start: index, end: read })
  }
  return found
}

/** A secret of several lines, line by line. What is masked already, and what frames a key, is none. */
export function partsOf(text: string, { start, end }: Span): Span[] {
  const parts: Span[] = []
  let from = start
  const lines = text.slice(start, end).split('\n')
  for (const line of lines) {
    // Blanks around a line of several are those of the terminal; within quotes they are the secret's.
    const shown = lines.length === 1 ? line : line.trim()
    const at = from + line.indexOf(shown)
    if (isUnmasked(shown)) parts.push({ start: at, end: at + shown.length })
    from += line.length + 1
  }
  return parts
}

/** Beside a mask, quotes and the like say nothing any more. */
function isUnmasked(shown: string): boolean {
  const rest = shown.replace(keyFrame, '').replace(masks, '')
  return rest.length < shown.replace(keyFrame, '').length ? /[\p{L}\p{N}]/u.test(rest) : rest !== ''
}

/** Where a value stands in a text, those in masks left out. Short ones only where they are words. */
export function placesOf(text: string, value: string): number[] {
  const places: number[] = []
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) {
    if (isInMask(text, at)) continue
    if (value.length >= insideWordsChars || isWord(text, at, at + value.length)) places.push(at)
  }
  return places
}

const wordCharacter = /[\p{L}\p{N}_]/u
const isWord = (text: string, start: number, end: number): boolean =>
  !wordCharacter.test(text.charAt(start - 1)) && !wordCharacter.test(text.charAt(end))

function isInMask(text: string, at: number): boolean {
  const from = Math.max(0, at - 16)
  return [...text.slice(from, at + 16).matchAll(masks)].some(
    ({ index, 0: found }) => from + index <= at && at < from + index + found.length,
  )
}

/** The parts with each mark's text instead of what it covers; overlapping ones become one. */
export function masked(parts: readonly string[], marks: readonly Mark[]): string[] {
  const sorted = joined(marks)
  const starts = startsOf(parts)
  let next = 0
  return parts.map((part, index) => {
    const from = starts[index] ?? 0
    const pieces: string[] = []
    let at = 0
    for (; next < sorted.length; next += 1) {
      const { start, end, text } = sorted[next] ?? { start: Infinity, end: Infinity, text: '' }
      if (start >= from + part.length) break
      // What began in the part before is said there.
      if (start >= from) pieces.push(part.slice(at, start - from), text)
      at = Math.min(part.length, end - from)
      if (end > from + part.length) break
    }
    return pieces.join('') + part.slice(at)
  })
}

function joined(marks: readonly Mark[]): Mark[] {
  const sorted = marks.toSorted((one, other) => one.start - other.start || other.end - one.end)
  const kept: Mark[] = []
  for (const mark of sorted) {
    const last = kept.at(-1)
    if (last === undefined || mark.start >= last.end) kept.push({ ...mark })
    else last.end = Math.max(last.end, mark.end)
  }
  return kept
}
