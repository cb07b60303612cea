import { isIP } from 'node:net'

/** One label of a host name: https://www.rfc-editor.org/rfc/rfc1123#section-2.1 */
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i

/** Why a text is neither an IP address nor a host name; undefined where it is one. */
export function addressProblem(address: string): string | undefined {
  if (isIP(address) !== 0) return undefined
  const labels = address.replace(/\.$/, '').split('.')
  // 10.0.0.300 would pass as a host name, but nobody means one.
  if (labels.every((part) => /^\d+$/.test(part))) return 'not a valid IP address'
  return labels.every((part) => label.test(part)) ? undefined : 'neither an IP address nor a host name'
}
