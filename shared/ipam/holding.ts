import { parentOf, parseAddress, sortKeyOf, type Address } from './addresses.ts'

/** The texts of every network that holds the address or network, the narrowest first; a network holds itself. */
export function holdersOf({ family, value, length }: Address): string[] {
  const lengths = Array.from({ length: length + 1 }, (_, index) => length - index)
  return lengths.map((one) => parentOf(family, value, one).text)
}

/** A key that compares like the address, its mask aside; undefined for what is none. */
export function placeOf(text: unknown): string | undefined {
  const address = typeof text === 'string' ? parseAddress(text) : undefined
  // The length of the mask is the key's last three digits.
  return address && sortKeyOf(address).slice(0, -3)
}
