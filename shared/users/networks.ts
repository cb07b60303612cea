import { BlockList, isIP } from 'node:net'

/** Why a text is not a network such as `10.0.0.0/8`, or a lone address; undefined where it is one. */
export function networkProblem(network: string): string | undefined {
  return parse(network) === undefined ? 'not a network in CIDR notation' : undefined
}

/** Whether the address lies in one of the networks. An IPv4 address written as IPv6 counts as IPv4. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  const family = isIP(plain)
  if (family === 0) return false
  const list = new BlockList()
  for (const network of networks) {
    const parsed = parse(network)
    if (parsed !== undefined) list.addSubnet(parsed.address, parsed.length, parsed.family)
  }
  return list.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}

function parse(network: string): { address: string; length: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', length, ...rest] = network.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return undefined
  const bits = family === 4 ? 32 : 128
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined
  const parsed = length === undefined ? bits : Number(length)
  return parsed > bits ? undefined : { address, length: parsed, family: family === 4 ? 'ipv4' : 'ipv6' }
}
