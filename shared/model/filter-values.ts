import { addressProblem, networkProblem, parseAddress, parseNetwork } from '../ipam/addresses.ts'
import { parseMac } from './mac.ts'
import { nearest } from './nearest.ts'

/** What a text in a query means: a value, several that are alternatives, or what is wrong with it. */
export type Parsed = { value: unknown } | { values: readonly unknown[] } | { problem: string }

export const parseText = (text: string): Parsed => ({ value: text })

export const parseInteger = (text: string): Parsed =>
  /^-?\d{1,16}$/.test(text) ? { value: Number(text) } : { problem: 'an integer is expected' }

export const parseDecimal = (text: string): Parsed =>
  /^-?\d{1,16}(?:\.\d{1,16})?$/.test(text) ? { value: Number(text) } : { problem: 'a number is expected' }

export const parseId = (text: string): Parsed => (text === 'null' ? { value: null } : parseInteger(text))

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false }

export function parseBoolean(text: string): Parsed {
  const value = booleans[text.toLowerCase()]
  return value === undefined ? { problem: 'true or false is expected' } : { value }
}

/** A time without a zone is UTC; a day is its first moment. */
export function parseTime(text: string): Parsed {
  const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(text)
  const time = isTime
    ? new Date(text.length > 10 && !/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text)
    : undefined
  if (time === undefined || Number.isNaN(time.getTime()))
    return { problem: 'a time such as 2026-11-30T08:00:00Z is expected' }
  return { value: time.toISOString() }
}

export function parseDay(text: string): Parsed {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(text) : undefined
  const isDay = day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
  return isDay ? { value: text } : { problem: 'a day such as 2026-11-30 is expected' }
}

export function parseChoice(text: string, choices: readonly string[]): Parsed {
  if (choices.includes(text)) return { value: text }
  const offered = nearest(text, choices)
  const names = (offered.length > 0 ? offered : choices).map((choice) => `"${choice}"`).join(', ')
  return { problem: `"${text.slice(0, 100)}" is not a choice; there is ${names}` }
}

export function parseNetworkText(text: string): Parsed {
  const network = parseNetwork(text)
  return network === undefined
    ? { problem: networkProblem(text) ?? 'a network is expected' }
    : { value: network.text }
}

/** Without a mask every address of this host is meant, whatever its mask. */
export function parseAddressText(text: string): Parsed {
  const address = parseAddress(text)
  if (address === undefined) return { problem: addressProblem(text) ?? 'an address is expected' }
  return { value: text.includes('/') ? address.text : hostOf(address.text) }
}

/** `10.0.0.1` of `10.0.0.1/24`. */
export const hostOf = (address: string): string => address.split('/', 1)[0] ?? address

export function parseMacText(text: string): Parsed {
  const value = parseMac(text)
  return value === undefined ? { problem: 'a MAC address such as 00:1B:44:11:3A:B7 is expected' } : { value }
}

/** The hex digits of a hardware address, or of a part of one, in whatever notation. */
export const macDigits = (text: string): string => text.toLowerCase().replaceAll(/[:.\s-]/g, '')
