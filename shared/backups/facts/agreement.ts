import type { ObservedName } from './compared.ts'

/**
 * When two spellings mean the same. An inventory is typed by people and filled from orders, a device prints what its
 * maker chose: case, blanks, domains, order codes and makers' names are no differences.
 */

/** Serial numbers are printed with and without blanks, and copied in either case. */
const foldSerial = (text: string): string => text.normalize('NFKC').replaceAll(/\s+/g, '').toUpperCase()

const isAddress = (text: string): boolean => /^[\d.]+$|:/.test(text)

/** Without the domain. An address has none. */
export function hostLabel(name: string): string {
  const trimmed = name.trim().replace(/\.$/, '')
  return isAddress(trimmed) ? trimmed : (trimmed.split('.')[0] ?? trimmed)
}

const foldName = (name: string): string => hostLabel(name).toLowerCase()

/** `cisco_ios_telnet` and `cisco_ios` are one platform reached in two ways. */
const foldDriver = (driver: string): string => driver.replace(/_(?:ssh|telnet|serial)$/, '')

/** `Version 17.3.1`, `v17.3.1` and `17.3.1`. */
const foldVersion = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^(?:version|ver\.?|release|v(?=\d))\s*/, '')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** Words before a model that name the family or the maker's order system, not the model. */
const familyWords: ReadonlySet<string> = new Set([
  'WS',
  'DCS',
  'MODEL',
  'SWITCH',
  'ROUTER',
  'SERIES',
  'CHASSIS',
])
/** Cisco's order codes end with the cryptography (`/K9`) and the licence (`-A`, `-E`, `-L`, `-S`); the box is the same. */
const orderEnding = /(?:\/K9|-[AELS])$/

/** A model without its maker, its order prefix and what separates its parts. */
function foldModel(text: string, maker: readonly string[] = []): string {
  const upper = text.normalize('NFKC').trim().toUpperCase()
  const short = isCisco(maker) ? upper.replace(orderEnding, '') : upper
  const words = short
    .replaceAll(/\bCATALYST[\s-]+C?(?=\d)/g, 'C')
    .split(/[^A-Z0-9+]+/)
    .filter(Boolean)
  const makers = new Set(maker.flatMap((name) => name.toUpperCase().split(/[^A-Z0-9]+/)))
  let start = 0
  while (start < words.length - 1 && isPrefix(words[start] ?? '', makers)) start += 1
  return words.slice(start).join('')
}

const isPrefix = (word: string, makers: ReadonlySet<string>): boolean =>
  familyWords.has(word) || makers.has(word)

const isCisco = (maker: readonly string[]): boolean => maker.some((name) => /^cisco\b/i.test(name))

/** What an inventory calls a device type. */
export type TypeNames = { names: readonly string[]; maker: readonly string[] }

/** A device may print several names at once (`Aruba JL074A 3810M-48G`): one of them suffices. */
export function isSameModel(observed: string, { names, maker }: TypeNames): boolean {
  const known = new Set(names.map((name) => foldModel(name, maker)).filter(Boolean))
  if (known.has(foldModel(observed, maker))) return true
  const words = observed.split(/[\s,;()]+/).filter((word) => word.length >= shortestModel && /\d/.test(word))
  return words.some((word) => known.has(foldModel(word, maker)))
}

const shortestModel = 4

const folds: Readonly<Record<ObservedName, (text: string) => string>> = {
  serial: foldSerial,
  hostname: foldName,
  model: (text) => foldModel(text),
  driver: foldDriver,
  os_version: foldVersion,
}

/** Whether a device says the same as before. */
export const isSameFact = (name: ObservedName, one: string, other: string): boolean =>
  one === other || folds[name](one) === folds[name](other)

/** An inventory may name the system beside its version: `IOS-XE 17.3.1`. */
export function isSameVersion(observed: string, known: string): boolean {
  const [one, other] = [foldVersion(observed), foldVersion(known)]
  if (one === '' || other === '') return one === other
  return one === other || holdsWord(one, other) || holdsWord(other, one)
}

const holdsWord = (text: string, word: string): boolean =>
  /\d/.test(word) && text.split(/[\s,]+/).includes(word)
