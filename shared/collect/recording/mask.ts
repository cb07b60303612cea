import type { Platform } from '../../platforms/definition.ts'
import { secretSpans } from '../redact.ts'
import type { Span } from '../secret-lines.ts'
import type { Rendered } from '../terminal.ts'
import { printedView, readView, startsOf, wholeView } from './views.ts'

/** A found secret of so many characters is masked wherever it stands; a shorter one may be a word, and only in its line. */
const anywhereChars = 8
/** Whoever has one of these for a secret is asked by it for the next one. */
const questions = /^(?:password|passphrase|username)$/i
/** A shorter secret of a credential is masked only where it stands as a word. */
const insideWordsChars = 6
/** What is masked changes what stands beside it: so often it is looked at again. */
const mostRounds = 4

/** What stands for a secret. It reads as a secret itself wherever one is expected, so a masked text is redacted as before. */
const mask = (number: number): string => `masked-${number}`
export const masks = /\bmasked-\d{1,6}\b/g
/** The first and last line of a private key tell what it is, and nothing of it. */
const keyFrame = /-{4,5} ?(?:BEGIN|END) [A-Za-z0-9 ]{1,80}-{4,5}/g

/** One session with what is looked for in it. */
export type Masked = {
  /** Greeting first, then what came after each thing typed. */
  parts: string[]
  /** What was typed. */
  sent: string[]
  /** Its own, and what the device turned out to be. */
  platforms: readonly Platform[]
}

/**
 * Masks secrets in texts that belong together: the same secret has the same number everywhere. Knows those of the
 * credentials from the start, and learns what the redaction finds.
 */
export class Masker {
  readonly #numbers = new Map<string, number>()
  readonly #known: readonly string[]
  readonly #anywhere = new Set<string>()
  #withheld = 0

  /** @param known masked wherever they stand, whatever stands around them. */
  constructor(known: readonly string[]) {
    this.#known = [...new Set(known)]
      .filter((one) => one !== '')
      .sort((one, other) => other.length - one.length)
  }

  /** How many different secrets were masked. */
  get count(): number {
    return this.#numbers.size
  }

  /** How many answers are left out, because they could not be masked. */
  get withheld(): number {
    return this.#withheld
  }

  /** Masks the sessions where they are. What still shows a secret after some rounds is emptied. */
  maskSessions(sessions: readonly Masked[]): void {
    for (let round = 1; round <= mostRounds; round += 1) {
      const marked = sessions.map((session) => this.#marked(session))
      for (const [index, session] of sessions.entries()) this.#markValues(session, marked[index] ?? [])
      for (const [index, session] of sessions.entries()) this.#apply(session, marked[index] ?? [])
      if (marked.every((marks) => marks.length === 0)) return
    }
    for (const session of sessions) this.#withhold(session)
  }

  /** One line or a few: a message, a fact. */
  maskText(platforms: readonly Platform[], text: string): string {
    let masked = this.maskValues(text)
    for (const platform of platforms)
      for (const span of secretSpans(platform, masked).reverse())
        for (const part of partsOf(masked, span).reverse())
          masked =
            masked.slice(0, part.start) +
            this.#maskOf(masked.slice(part.start, part.end)) +
            masked.slice(part.end)
    return masked
  }

  /** Only what is known by its value. */
  maskValues(text: string): string {
    return [...this.#known, ...this.#anywhere].reduce((masked, value) => {
      const places = placesOf(masked, value)
      return places
        .reverse()
        .reduce((rest, at) => rest.slice(0, at) + this.#maskOf(value) + rest.slice(at + value.length), masked)
    }, text)
  }

  #maskOf(value: string): string {
    const number = this.#numbers.get(value) ?? this.#numbers.size + 1
    this.#numbers.set(value, number)
    return mask(number)
  }

  /** What the redaction finds in each view of a session, as places in its stream. */
  #marked({ parts, platforms }: Masked): Mark[] {
    return platforms.flatMap((platform) => {
      const read = readView({ parts, platform })
      const whole = wholeView({ parts })
      const views = whole.text === read.text ? [read] : [read, whole]
      return views.flatMap((view) => this.#markedIn(view, platform))
    })
  }

  #markedIn(view: Rendered, platform: Platform): Mark[] {
    const parts = secretSpans(platform, view.text).flatMap((span) => partsOf(view.text, span))
    return parts.map((part) => {
      const value = view.text.slice(part.start, part.end)
      if (value.length >= anywhereChars && !questions.test(value)) this.#anywhere.add(value)
      return markOf(view, part, this.#maskOf(value))
    })
  }

  /** Wherever a known value stands. */
  #markValues({ parts, platforms }: Masked, marks: Mark[]): void {
    const [platform] = platforms
    if (!platform) return
    const read = readView({ parts, platform })
    const whole = wholeView({ parts })
    const printed = printedView({ parts })
    for (const value of [...this.#known, ...this.#anywhere]) {
      const isLong = value.length >= insideWordsChars
      for (const view of [read, isLong ? printed : whole])
        for (const start of placesOf(view.text, value))
          marks.push(markOf(view, { start, end: start + value.length }, this.#maskOf(value)))
    }
  }

  #apply(session: Masked, marks: readonly Mark[]): void {
    session.sent = session.sent.map((text) => this.maskValues(text))
    session.parts = masked(session.parts, marks)
  }

  #withhold(session: Masked): void {
    const marks = this.#marked(session)
    this.#markValues(session, marks)
    const starts = startsOf(session.parts)
    for (const [index] of session.parts.entries()) {
      const [from = 0, to = 0] = starts.slice(index, index + 2)
      if (!marks.some(({ start, end }) => start < to && end > from)) continue
      session.parts[index] = ''
      this.#withheld += 1
    }
  }
}

/** From the first to behind the last character in the stream, and what is put there. */
type Mark = Span & { text: string }

function markOf({ origins }: Rendered, { start, end }: Span, text: string): Mark {
  // A line that was drawn out of order stands between its outermost characters.
  let first = Infinity
  let last = 0
  for (let at = start; at < end; at += 1) {
    first = Math.min(first, origins[at] ?? first)
    last = Math.max(last, origins[at] ?? last)
  }
  return { start: first, end: last + 1, text }
}

/** A secret of several lines, line by line. What is masked already, and what frames a key, is none. */
function partsOf(text: string, { start, end }: Span): Span[] {
  const parts: Span[] = []
  let from = start
  for (const line of text.slice(start, end).split('\n')) {
    const shown = line.trim()
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
function placesOf(text: string, value: string): number[] {
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
function masked(parts: readonly string[], marks: readonly Mark[]): string[] {
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
