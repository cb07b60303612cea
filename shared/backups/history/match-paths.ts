import { isIP } from 'node:net'
import type { PlannedDevice } from '../runs/plan.ts'

type Named = Pick<PlannedDevice, 'id' | 'name' | 'address' | 'site'>

/** Why a file belongs to no device. */
export type Unmatched = 'no_device' | 'several_devices' | 'left_out'
export type Match = { deviceId: number } | { reason: Unmatched }

/** What people and tools put behind a name. */
const endings = /\.(?:cfg|conf|config|txt)$/i
const domain = /^(?:[a-z0-9_-]{1,63}\.)*[a-z][a-z0-9-]{0,62}$/i
/** RANCID's folder of configurations in that of a group. */
const rancidFolder = 'configs'

/**
 * Tells whose configuration a file is: `node`, `group/node` (Oxidized), `group/configs/node` (RANCID). The name of the
 * node is the device's, in any case of letters; else its address; else one of both has a domain that the other lacks. Of
 * several such devices the one whose site is the group; where that tells nothing, none: a wrong history is worse than
 * none.
 * @param given paths that somebody has said the device of; null leaves a file out.
 */
export function pathMatcher(
  devices: readonly Named[],
  given: Readonly<Record<string, number | null>>,
): (path: string) => Match {
  const known = new Set(devices.map(({ id }) => id))
  const byName = Map.groupBy(devices, ({ name }) => name.toLowerCase())
  const byAddress = Map.groupBy(devices, ({ address }) => address.toLowerCase())
  const byHost = Map.groupBy(devices, ({ name }) => hostOf(name.toLowerCase()))
  const candidates = (node: string): readonly Named[] => {
    if (isIP(node) !== 0) return byName.get(node) ?? byAddress.get(node) ?? []
    const exact = byName.get(node)
    if (exact !== undefined) return exact
    const host = hostOf(node)
    if (host !== node) return byName.get(host) ?? []
    return (byHost.get(node) ?? []).filter(({ name }) => name.toLowerCase() !== node)
  }
  return (path) => {
    const said = Object.hasOwn(given, path) ? given[path] : undefined
    if (said === null) return { reason: 'left_out' }
    if (said !== undefined) return known.has(said) ? { deviceId: said } : { reason: 'no_device' }
    const { node, group } = partsOf(path)
    const plain = node.replace(endings, '')
    const found = candidates(node).length > 0 ? candidates(node) : candidates(plain)
    const inGroup = found.filter(({ site }) => site.slug.toLowerCase() === group)
    const [one, other] = found.length > 1 && inGroup.length === 1 ? inGroup : found
    if (one === undefined) return { reason: 'no_device' }
    return other === undefined ? { deviceId: one.id } : { reason: 'several_devices' }
  }
}

function partsOf(path: string): { node: string; group: string | undefined } {
  const folders = path.toLowerCase().split('/')
  const node = folders.pop() ?? ''
  if (folders.at(-1) === rancidFolder) folders.pop()
  return { node, group: folders.at(-1) }
}

/** `sw1` of `sw1.example.net`; a name such as `core.1` has no domain. */
function hostOf(name: string): string {
  const dot = name.indexOf('.')
  return dot > 0 && isIP(name) === 0 && domain.test(name.slice(dot + 1)) ? name.slice(0, dot) : name
}
