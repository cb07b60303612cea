import { parseAddress, type Address } from '../ipam/addresses.ts'
import { macDigits } from '../model/filter-values.ts'
import { fold } from '../model/search-text.ts'

/** What is asked for, in every way it can be meant. */
export type Question = {
  /** The whole text and its words, folded. */
  phrase: string
  words: readonly string[]
  /** Bare digits, where the text looks like a hardware address or a part of one. */
  mac: string | undefined
  address: Address | undefined
}

/** Fewer digits say nothing about a hardware address. */
const macDigitsMin = 4

export function readQuestion(text: string): Question {
  const phrase = fold(text.trim())
  const digits = macDigits(phrase)
  const isMac = /^[0-9a-f]+$/.test(digits) && digits.length >= macDigitsMin && digits.length <= 12
  return {
    phrase,
    words: phrase.split(/\s+/),
    mac: isMac && /[:.-]/.test(phrase) ? digits : undefined,
    address: parseAddress(phrase),
  }
}
