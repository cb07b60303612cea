import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/**
 * Addresses that users name and we then call (webhooks) must not lead back into what only we can reach: the instance
 * metadata of AWS and other link-local services, and within a Lambda the loopback, where its runtime API listens.
 */
const forbidden = new BlockList()
for (const [address, length, family] of [
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
  // Instance metadata over IPv6: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
  ['fd00:ec2::', 32, 'ipv6'],
] as const)
  forbidden.addSubnet(address, length, family)

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addSubnet('::1', 128, 'ipv6')

/** Whether nothing may be sent to an IP address. An IPv4 address written as IPv6 counts as IPv4. */
export function isForbidden(address: string, isInLambda: boolean): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  const family = isIP(plain) === 4 ? 'ipv4' : 'ipv6'
  return forbidden.check(plain, family) || (isInLambda && loopback.check(plain, family))
}

const isInLambda = process.env['AWS_LAMBDA_RUNTIME_API'] !== undefined

class ForbiddenAddressError extends Error {
  override name = 'ForbiddenAddressError'
}

const refusal = (host: string, address: string): ForbiddenAddressError =>
  new ForbiddenAddressError(
    `${host} is ${address === host ? 'an' : `${address}, an`} address that nothing is sent to`,
  )

/** Resolves a name for a connection, and refuses what is forbidden: what was checked is what is connected to. */
export const guardedLookup: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, found) => {
    const bad = found?.find(({ address }) => isForbidden(address, isInLambda))
    const [first] = found ?? []
    if (error !== null || first === undefined) return done(error ?? new Error(`${host} has no address`), '')
    if (bad !== undefined) return done(refusal(host, bad.address), '')
    if (options.all === true) return done(null, found)
    return done(null, first.address, first.family)
  })
}

/** An address in the URL itself is never looked up. @throws ForbiddenAddressError */
export function refuseForbiddenHost({ hostname }: URL): void {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && isForbidden(host, isInLambda)) throw refusal(host, host)
}
