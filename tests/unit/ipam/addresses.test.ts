import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressOf,
  addressProblem,
  bitsOf,
  contains,
  networkProblem,
  parentOf,
  parseAddress,
  parseNetwork,
  sortKeyOf,
  spanOf,
  type Family,
} from '../../../shared/ipam/addresses.ts'

const anyAddress = fc
  .constantFrom<Family>(4, 6)
  .chain((family) =>
    fc.tuple(
      fc.constant(family),
      fc.bigInt({ min: 0n, max: (1n << BigInt(bitsOf(family))) - 1n }),
      fc.integer({ min: 0, max: bitsOf(family) }),
    ),
  )

/** Slow and plain: eight groups, or four octets, written out. */
function written(family: Family, value: bigint): string {
  const [count, bits] = family === 4 ? [4, 8n] : [8, 16n]
  const parts = Array.from({ length: count }, (_, index) =>
    ((value >> (BigInt(count - 1 - index) * bits)) & ((1n << bits) - 1n)).toString(family === 4 ? 10 : 16),
  )
  return parts.join(family === 4 ? '.' : ':')
}

describe('reading addresses', () => {
  test.each([
    ['10.0.0.1/24', '10.0.0.1/24'],
    ['10.0.0.1', '10.0.0.1/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['255.255.255.255/32', '255.255.255.255/32'],
    ['2001:DB8:0:0:0:0:0:1/64', '2001:db8::1/64'],
    ['2001:db8:0:0:1:0:0:1/128', '2001:db8::1:0:0:1/128'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1/128'],
    ['::/0', '::/0'],
    ['::ffff:c000:201/128', '::ffff:192.0.2.1/128'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1/128'],
    ['64:ff9b::192.0.2.33/96', '64:ff9b::c000:221/96'],
  ])('%s is written %s', (given, canonical) => {
    const address = parseAddress(given)

    expect(address?.text).toBe(canonical)
  })

  test.each([
    '',
    ' 10.0.0.1',
    '10.0.0.1 ',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '0x10.0.0.1',
    '10.0.0.1/33',
    '10.0.0.1/',
    '10.0.0.1/+1',
    '10.0.0.1/024',
    '10.0.0.1/24/1',
    '10.0.0.1/255.255.255.0',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'fe80::1%eth0',
    '::/129',
    'host.example',
    '1'.repeat(1000),
  ])('%j is no address', (given) => {
    const address = parseAddress(given)

    expect(address).toBeUndefined()
    expect(addressProblem(given)).toContain('is expected')
  })

  test('a network with host bits is told which one was meant', () => {
    expect(parseNetwork('10.0.0.1/24')).toBeUndefined()
    expect(networkProblem('10.0.0.1/24')).toBe('10.0.0.1/24 has host bits set; did you mean 10.0.0.0/24?')
    expect(networkProblem('10.0.0.0')).toBe('a mask is expected, such as 10.0.0.0/32')
    expect(networkProblem('10.0.0.0/24')).toBeUndefined()
  })
})

describe('addresses, against plain arithmetic', () => {
  test('every address is read back from every way to write it', () => {
    fc.assert(
      fc.property(anyAddress, ([family, value, length]) => {
        const canonical = addressOf(family, value, length)
        const long = parseAddress(`${written(family, value)}/${length}`)

        expect(parseAddress(canonical.text)).toEqual(canonical)
        expect(long).toEqual(canonical)
      }),
    )
  })

  test('a network holds exactly the addresses of its span', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, ([family, value, length], [otherFamily, other, otherLength]) => {
        const network = parentOf(family, value, length)
        const { first, last } = spanOf(network)
        const inner = addressOf(otherFamily, other, otherLength)
        const isInside = family === otherFamily && other >= first && other <= last && otherLength >= length

        expect(contains(network, addressOf(family, value, length))).toBe(true)
        expect(contains(network, inner)).toBe(isInside)
        expect(parseNetwork(network.text)).toEqual(network)
        expect(last - first + 1n).toBe(1n << BigInt(bitsOf(family) - length))
      }),
    )
  })

  test('sort keys follow family, address and length', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, (a, b) => {
        const order = a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0) || a[2] - b[2]
        const [first, second] = [sortKeyOf(addressOf(...a)), sortKeyOf(addressOf(...b))]

        expect(Math.sign(order)).toBe(first < second ? -1 : first > second ? 1 : 0)
      }),
    )
  })
})
