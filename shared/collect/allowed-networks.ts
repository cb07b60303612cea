import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isWithin } from '../users/networks.ts'
import type { Failed } from './outcome.ts'
import type { Reach } from './reach.ts'

/**
 * Reaches only what lies in the networks. A name is looked up here, and the very address that was looked at is connected
 * to: a name that means something else a moment later leads nowhere else.
 * @param names who looks names up: where a jump host would, only addresses can be judged.
 */
export function reachWithin(
  networks: readonly string[],
  connect: Reach,
  names: 'looked up' | 'refused',
): Reach {
  const forbidden = (detail: string): Failed => ({ ok: false, category: 'address_forbidden', detail })
  return async (host, port, timeoutMs) => {
    if (isIP(host) === 0 && names === 'refused')
      return forbidden(`${host} is a name that the jump host would look up: give the device an address`)
    const addresses = await addressesOf(host)
    if (addresses === undefined)
      return { ok: false, category: 'unreachable', detail: `the name ${host} does not resolve` }
    const allowed = addresses.find((address) => isWithin(address, networks))
    if (allowed !== undefined) return connect(allowed, port, timeoutMs)
    const what = addresses.includes(host) ? host : `${host} (${addresses.join(', ')})`
    return forbidden(`${what} is outside of the allowed networks ${networks.join(', ')}: not connected to`)
  }
}

/** All of them, in the order of the resolver; undefined where there are none. */
async function addressesOf(host: string): Promise<string[] | undefined> {
  if (isIP(host) !== 0) return [host]
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch {
    return undefined
  }
}
