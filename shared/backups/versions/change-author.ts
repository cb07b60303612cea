import type { LastChange } from '../../collect/last-change.ts'
import type { Person } from '../../git/object-format.ts'

const domainName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/i
const mailAddress = /^[^@]+@[^@]+$/

/**
 * Whom a new version is ascribed to: the one whom the device names, unless it names the same change as when it was read
 * before. Then somebody or something else made the difference, and nobody is blamed for it.
 * The name keeps to the letters that the platform's pattern allows. The address is made up: of the name and the domain
 * of the device, or `noreply` where its name has none.
 */
export function changeAuthor(
  deviceName: string,
  change: LastChange | undefined,
  before: LastChange | undefined,
): Person | undefined {
  if (change === undefined || (change.by === before?.by && change.at === before.at)) return undefined
  const { by } = change
  if (mailAddress.test(by)) return { name: by, email: by }
  const domain = deviceName.slice(deviceName.indexOf('.') + 1)
  const isNamed = deviceName.includes('.') && domainName.test(domain)
  return { name: by, email: `${by}@${isNamed ? domain.toLowerCase() : 'noreply'}` }
}
