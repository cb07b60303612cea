import { parseIp, stringifyIp } from 'ip-bigint'

export type Family = 4 | 6

/** An address with its mask. `text` is the one way it is written: RFC 5952 for IPv6, always with the length. */
export type Address = { family: Family; value: bigint; length: number; text: string }
/** An address whose host bits are zero. */
export type Network = Address
/** Addresses from `first` to `last`, both in it. */
export type Span = { first: bigint; last: bigint }

/** The longest text of an address with a mask has 49 characters: what is longer is not looked at. */
const textMax = 64

export const bitsOf = (family: Family): 32 | 128 => (family === 4 ? 32 : 128)

/** How many addresses a mask of this length covers. */
export const sizeOf = (family: Family, length: number): bigint => 1n << BigInt(bitsOf(family) - length)

/** The address alone, as it is written: IPv4-mapped ones as `::ffff:192.0.2.1`, however they came. */
export function hostText(family: Family, value: bigint): string {
  const ipv4mapped = family === 6 && value >> 32n === 0xffffn
  return stringifyIp({ number: value, version: family, ...(ipv4mapped ? { ipv4mapped } : {}) })
}

/** @param value within the family's bits; @param length from 0 to the family's bits. */
export const addressOf = (family: Family, value: bigint, length: number): Address => ({
  family,
  value,
  length,
  text: `${hostText(family, value)}/${length}`,
})

/**
 * Reads `192.0.2.1/24` or `2001:db8::1/64`; without a mask the address stands for itself (/32, /128). Octets with
 * leading zeros, zones and surrounding space are refused: they mean different things to different programs.
 * @returns undefined where the text is no address.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length > textMax) return undefined
  const [host = '', mask, more] = text.split('/')
  if (more !== undefined || host.includes('%')) return undefined
  let parsed: ReturnType<typeof parseIp>
  try {
    parsed = parseIp(host)
  } catch {
    return undefined
  }
  const family: Family = parsed.version === 4 ? 4 : 6
  const length = mask === undefined ? bitsOf(family) : lengthOf(mask, family)
  return length === undefined ? undefined : addressOf(family, parsed.number, length)
}

function lengthOf(mask: string, family: Family): number | undefined {
  if (!/^(?:0|[1-9]\d{0,2})$/.test(mask)) return undefined
  const length = Number(mask)
  return length <= bitsOf(family) ? length : undefined
}

/** Reads a network in CIDR notation. @returns undefined where it is none, or where host bits are set. */
export function parseNetwork(text: string): Network | undefined {
  const address = parseAddress(text)
  if (address === undefined || !text.includes('/')) return undefined
  return networkOf(address).value === address.value ? address : undefined
}

/** What is wrong with a text that shall be a network, or undefined where nothing is. */
export function networkProblem(text: string): string | undefined {
  if (parseNetwork(text) !== undefined) return undefined
  const address = parseAddress(text)
  if (address === undefined) return 'a network such as 192.0.2.0/24 or 2001:db8::/32 is expected'
  if (!text.includes('/')) return `a mask is expected, such as ${address.text}`
  return `${text} has host bits set; did you mean ${networkOf(address).text}?`
}

/** What is wrong with a text that shall be an address, or undefined where nothing is. */
export const addressProblem = (text: string): string | undefined =>
  parseAddress(text) === undefined
    ? 'an address such as 192.0.2.1/24 or 2001:db8::1/64 is expected'
    : undefined

/** The network an address lies in by its own mask. */
export const networkOf = ({ family, value, length }: Address): Network => parentOf(family, value, length)

/** The network of this length that holds the address. */
export function parentOf(family: Family, value: bigint, length: number): Network {
  const hostBits = BigInt(bitsOf(family) - length)
  return addressOf(family, (value >> hostBits) << hostBits, length)
}

export const spanOf = ({ family, value, length }: Network): Span => ({
  first: value,
  last: value + sizeOf(family, length) - 1n,
})

/** Whether `inner` lies in `outer`, the same network included. */
export function contains(outer: Network, inner: Address): boolean {
  if (outer.family !== inner.family || outer.length > inner.length) return false
  const hostBits = BigInt(bitsOf(outer.family) - outer.length)
  return outer.value >> hostBits === inner.value >> hostBits
}

/**
 * A key that sorts networks by family, address and length, so that what lies in a network follows it without a gap:
 * `4` or `6`, 32 hex digits, the length in three digits.
 */
export const sortKeyOf = ({ family, value, length }: Address): string =>
  `${valueKeyOf(family, value)}${String(length).padStart(3, '0')}`

/** The part of a sort key that tells the address. */
export const valueKeyOf = (family: Family, value: bigint): string =>
  `${family}${value.toString(16).padStart(32, '0')}`
