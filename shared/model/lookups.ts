import { macDigits } from './filter-values.ts'

/** How a value is compared, by the suffix of a filter's name. https://docs.netbox.dev/en/stable/reference/filtering/ */
export type Lookup =
  | 'exact'
  | 'n'
  | 'ic'
  | 'nic'
  | 'isw'
  | 'nisw'
  | 'iew'
  | 'niew'
  | 'ie'
  | 'nie'
  | 'regex'
  | 'iregex'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'empty'
  | 'any'

const partLookups = ['n', 'ic', 'nic', 'isw', 'nisw', 'iew', 'niew', 'ie', 'nie'] as const
const textLookups = [...partLookups, 'regex', 'iregex', 'empty'] as const
const numberLookups = ['n', 'lt', 'lte', 'gt', 'gte', 'empty'] as const

/** The lookups of each kind of filter, beside its bare name. */
export const lookupsOf = {
  text: textLookups,
  /** An address with or without a mask, or a network: exact ones by what they mean, parts by their text. */
  address: textLookups,
  /** A hardware address, in any notation. */
  mac: [...partLookups, 'empty'],
  number: numberLookups,
  time: numberLookups,
  choice: [...partLookups, 'empty'],
  bool: [],
  reference: ['n', 'empty'],
  /** Several values, any of which may be the given one. */
  list: ['n', 'empty'],
  /** Several references that must all be there, as of tags. */
  set: ['n', 'any', 'empty'],
} as const satisfies Record<string, readonly Lookup[]>

export type FilterKind = keyof typeof lookupsOf

/** Lookups that turn another one round: a row matches when no given value does. */
export const negations: Partial<Record<Lookup, Lookup>> = {
  n: 'exact',
  nic: 'ic',
  nisw: 'isw',
  niew: 'iew',
  nie: 'ie',
}

export type Test = (value: unknown) => boolean

/** Longer texts are cut before a pattern is tried on them. */
export const patternTextMax = 1000
const patternMax = 100
/** A pattern's cost grows with the power of its open repetitions. */
const repetitionsMax = 3

/**
 * One test of a value against all given ones: any of them may match; of a negated lookup none may. Of a list, any
 * member may be the one that matches.
 * @param given parsed values (texts, numbers or booleans).
 */
export function testOf(lookup: Lookup, given: readonly unknown[]): Test {
  const positive = negations[lookup]
  if (positive !== undefined) {
    const matches = testOf(positive, given)
    return (value) => !matches(value)
  }
  if (lookup === 'exact' || lookup === 'any') return exactTest(given)
  if (lookup === 'empty') return emptyTest(given)
  const tests = given.map((one) => singleTest(lookup, one))
  return (value) => tests.some((test) => test(value))
}

function exactTest(given: readonly unknown[]): Test {
  const values = new Set(given)
  return (value) => {
    if (!Array.isArray(value)) return values.has(value ?? null)
    return value.length === 0 ? values.has(null) : value.some((member) => values.has(member))
  }
}

function emptyTest(given: readonly unknown[]): Test {
  const wanted = new Set(given)
  const isEmpty: Test = (value) =>
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  return (value) => wanted.has(isEmpty(value))
}

function singleTest(lookup: Lookup, given: unknown): Test {
  if (lookup === 'lt' || lookup === 'lte' || lookup === 'gt' || lookup === 'gte')
    return orderTest(lookup, given)
  if (lookup === 'regex' || lookup === 'iregex') {
    const pattern = new RegExp(String(given), lookup === 'iregex' ? 'iu' : 'u')
    return (value) => typeof value === 'string' && pattern.test(value.slice(0, patternTextMax))
  }
  const wanted = String(given).toLowerCase()
  const compare = textTests[lookup as keyof typeof textTests]
  return (value) => typeof value === 'string' && compare(value.toLowerCase(), wanted)
}

/**
 * Parts of hardware addresses in whatever notation, as they stand in the one that is kept, `00:1B:44:11:3A:B7`: a part
 * may begin with the first digit of an octet or with the second.
 */
export function macPartTest(lookup: Lookup, given: readonly unknown[]): Test {
  const positive = negations[lookup]
  if (positive !== undefined) {
    const matches = macPartTest(positive, given)
    return (value) => !matches(value)
  }
  const tests = given.map((one): ((value: string) => boolean) => {
    const digits = macDigits(String(one)).toUpperCase()
    const whole = inOctets(digits)
    const shifted = digits === '' ? '' : [digits.slice(0, 1), inOctets(digits.slice(1))].join(':')
    if (lookup === 'isw') return (value) => value.startsWith(whole)
    if (lookup === 'ie') return (value) => value === whole
    if (lookup === 'iew') return (value) => value.endsWith(digits.length % 2 === 0 ? whole : shifted)
    return (value) => value.includes(whole) || value.includes(shifted)
  })
  return (value) => typeof value === 'string' && tests.some((test) => test(value))
}

const inOctets = (digits: string): string => (digits.match(/.{1,2}/g) ?? []).join(':')

const textTests = {
  ic: (value: string, wanted: string) => value.includes(wanted),
  isw: (value: string, wanted: string) => value.startsWith(wanted),
  iew: (value: string, wanted: string) => value.endsWith(wanted),
  ie: (value: string, wanted: string) => value === wanted,
}

/** Numbers and ISO times alike: both compare as they are. */
function orderTest(lookup: 'lt' | 'lte' | 'gt' | 'gte', given: unknown): Test {
  const compare = (value: number | string): boolean => {
    const limit = given as typeof value
    if (lookup === 'lt') return value < limit
    if (lookup === 'lte') return value <= limit
    return lookup === 'gt' ? value > limit : value >= limit
  }
  return (value) => (typeof value === 'number' || typeof value === 'string') && compare(value)
}

/**
 * Why a pattern is not accepted. JavaScript tries patterns by backtracking, and a caller's pattern meets every row:
 * what can take exponential time is refused, by its form.
 */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > patternMax) return `a pattern has at most ${patternMax} characters`
  const plain = pattern.replaceAll(/\\./g, '_').replaceAll(/\[[^\]]*\]/g, '_')
  if (/\(\?[=!<]/.test(plain) || /\\[1-9k]/.test(pattern))
    return 'look-around and back references are not supported'
  if (/\([^()]*(?:[*+|]|\{\d+,\d*\})[^()]*\)\s*(?:[*+]|\{\d+,?\d*\})/.test(plain))
    return 'a repeated group may not repeat or choose inside'
  if (/\([^()]*\([^]*\)[*+{]/.test(plain)) return 'a repeated group may not hold another group'
  if ((plain.match(/[*+]|\{\d+,\d*\}/g) ?? []).length > repetitionsMax)
    return `at most ${repetitionsMax} repetitions`
  try {
    return RegExp(pattern, 'u') && undefined
  } catch {
    return 'not a regular expression'
  }
}
