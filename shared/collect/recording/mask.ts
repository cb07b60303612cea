import type { Platform } from '../../platforms/definition.ts'
import { algorithm, method, noSecret, storageWord } from '../secret-words.ts'
import type { Rendered } from '../terminal.ts'
import {
  insideWordsChars,
  spansBeside,
  keysIn,
  type Mark,
  mask,
  masked,
  markOf,
  partsOf,
  placesOf,
} from './places.ts'
import { printedView, readView, startsOf, wholeView } from './views.ts'

/** A found secret of so many characters is masked wherever it stands; a shorter one may be a word, and only in its line. */
const anywhereChars = 8
/** Words of command lines, questions and addresses: found as a secret in some odd line, they stand everywhere. */
const notAnywhere = [
  /^(?:password|passphrase|username)$/i,
  noSecret,
  storageWord,
  algorithm,
  method,
  /^[0-9a-f]*(?:[.:][0-9a-f]*){3,7}(?:\/\d{1,3})?$/i,
]
/** What is masked changes what stands beside it: so often it is looked at again. */
const mostRounds = 4
/** A message may quote the end of a line, and with it so little of a secret. */
const quotedChars = 4

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
    let masked = this.#maskQuoted(this.maskValues(text))
    for (const platform of platforms)
      for (const span of spansBeside(platform, masked).reverse())
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

  /** Where a quote begins in the middle of a secret. */
  #maskQuoted(text: string): string {
    return [...this.#known, ...this.#anywhere].reduce((masked, value) => {
      for (let from = 1; from <= value.length - quotedChars; from += 1)
        if (masked.includes(`"${value.slice(from)}`))
          return masked.replaceAll(`"${value.slice(from)}`, `"${this.#maskOf(value)}`)
      return masked
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
    const spans = [...spansBeside(platform, view.text), ...keysIn(view.text)]
    const parts = spans.flatMap((span) => partsOf(view.text, span))
    return parts.map((part) => {
      const value = view.text.slice(part.start, part.end)
      if (isAnywhere(value)) this.#anywhere.add(value)
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

const isAnywhere = (value: string): boolean =>
  value.length >= anywhereChars && !notAnywhere.some((plain) => plain.test(value))
