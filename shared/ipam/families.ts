import { hostText, parseAddress, type Address } from './addresses.ts'

/** The family of a text that is an address or network, as the choice is stored. */
export const familyOf = (text: unknown): '4' | '6' | null => {
  const family = parseAddress(String(text))?.family
  return family === undefined ? null : family === 4 ? '4' : '6'
}

/** A field that validation let through. @throws Error where it is none: a fault of ours. */
export function storedAddress(text: unknown): Address {
  const address = parseAddress(String(text))
  if (address === undefined) throw new Error(`no address: ${String(text)}`)
  return address
}

/** What a space of addresses or prefixes is called: of one VRF, or of the global table. */
export const vrfName = (vrf: unknown): string => (typeof vrf === 'number' ? String(vrf) : 'global')

/** In words, for messages. */
export const vrfWords = (vrf: Record<string, unknown> | undefined): string =>
  vrf === undefined ? 'the global table' : `VRF ${String(vrf['name'])}`

export const hostOf = ({ family, value }: Address): string => hostText(family, value)
