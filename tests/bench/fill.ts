import { device } from '../../shared/dcim/models/device.ts'
import { deviceRole } from '../../shared/dcim/models/device-role.ts'
import { deviceType } from '../../shared/dcim/models/device-type.ts'
import { networkInterface } from '../../shared/dcim/models/interface.ts'
import { manufacturer } from '../../shared/dcim/models/manufacturer.ts'
import { platform } from '../../shared/dcim/models/platform.ts'
import { site } from '../../shared/dcim/models/site.ts'
import { ipAddress } from '../../shared/ipam/models/ip-address.ts'
import { prefix } from '../../shared/ipam/models/prefix.ts'
import type { Engine } from '../../shared/model/engine.ts'
import { cluster } from '../../shared/virtualization/models/cluster.ts'
import { clusterType } from '../../shared/virtualization/models/cluster-type.ts'
import { virtualMachine } from '../../shared/virtualization/models/virtual-machine.ts'
import { fillRows, type Filled } from './fill-rows.ts'

export type Inventory = {
  devices: number
  interfaces: number
  virtualMachines: number
  prefixes: number
  addresses: number
  /** Of 10.0.0.0/8: at most 65,536 prefixes, each with up to 250 addresses. */
  sites?: number
  clusters?: number
}

const statuses = ['active', 'active', 'active', 'planned', 'offline', 'staged'] as const
const pad = (n: number, digits = 5): string => String(n).padStart(digits, '0')
const pick = <T>(values: readonly T[], n: number): T => {
  const value = values[n % values.length]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}
/** Spreads numbers, the same at every run. */
const mix = (n: number): number => (Math.imul(n, 0x9e3779b1) >>> 7) & 0xffff

/**
 * Fills a table with an inventory, straight through the engine's own writes: entities with their guards, references,
 * tree items and change records, in transactions filled to 100 items. Rules are not asked: what is written here keeps them.
 */
export async function fillInventory(
  engine: Engine,
  wanted: Inventory,
  tell: (filled: Filled) => void = () => {},
): Promise<Record<string, number[]>> {
  const ids: Record<string, number[]> = {}
  const fill = async (
    ...given: Parameters<typeof fillRows> extends [Engine, ...infer Rest] ? Rest : never
  ) => {
    const filled = await fillRows(engine, ...given)
    tell(filled)
    ids[given[0].name] = filled.ids
    return filled.ids
  }
  const named = (word: string) => (n: number) => ({ name: `${word} ${n}`, slug: `${word}-${n}` })
  const sites = await fill(site, wanted.sites ?? 100, named('site'))
  const makers = await fill(manufacturer, 8, named('maker'))
  const roles = await fill(deviceRole, 10, named('role'))
  const platforms = await fill(platform, 6, named('platform'))
  const types = await fill(deviceType, 24, (n) => ({
    manufacturer: pick(makers, n),
    model: `Model ${n}`,
    slug: `model-${n}`,
  }))
  const [kind = 0] = await fill(clusterType, 1, named('cluster-type'))
  const clusters = await fill(cluster, wanted.clusters ?? 200, (n) => ({
    name: `cluster-${pad(n)}`,
    type: kind,
  }))
  const devices = await fill(device, wanted.devices, (n) => ({
    name: `sw-${pad(n)}`,
    device_type: pick(types, mix(n)),
    role: pick(roles, mix(n + 7)),
    site: pick(sites, n),
    platform: pick(platforms, mix(n + 3)),
    status: pick(statuses, mix(n + 1)),
    serial: `SN${pad(mix(n))}${pad(n)}`,
    asset_tag: n % 4 === 0 ? `A${pad(n, 7)}` : null,
    description: n % 9 === 0 ? `uplink of floor ${n % 40}` : '',
  }))
  await fill(networkInterface, wanted.interfaces, (n) => ({
    device: pick(devices, Math.floor(n / Math.ceil(wanted.interfaces / wanted.devices))),
    name: `GigabitEthernet1/0/${n % Math.ceil(wanted.interfaces / wanted.devices)}`,
    type: '1000base-t',
    mac_address: macOf(n),
    enabled: n % 5 !== 0,
  }))
  await fill(virtualMachine, wanted.virtualMachines, (n) => ({
    name: `vm-${pad(n)}`,
    cluster: pick(clusters, mix(n)),
    status: pick(['active', 'active', 'offline'], n),
    vcpus: 2 + (n % 4),
    memory: 4096,
  }))
  await fillNetworks(fill, wanted)
  return ids
}

type Fill = (
  model: Parameters<typeof fillRows>[1],
  count: number,
  of: (n: number) => object,
) => Promise<number[]>

async function fillNetworks(fill: Fill, { prefixes, addresses }: Inventory): Promise<void> {
  const network = (n: number): string => `10.${(n >> 8) & 255}.${n & 255}`
  await fill(prefix, prefixes, (n) => ({ prefix: `${network(n)}.0/24`, description: `net ${n}` }))
  const perPrefix = Math.max(1, Math.ceil(addresses / Math.max(1, prefixes)))
  await fill(ipAddress, addresses, (n) => ({
    address: `${network(Math.floor(n / perPrefix))}.${1 + (n % perPrefix)}/24`,
    dns_name: n % 3 === 0 ? `host-${n}.example.net` : '',
  }))
}

const macOf = (n: number): string =>
  `00:1B:${[24, 16, 8, 0].map((shift) => ((n >> shift) & 255).toString(16).padStart(2, '0').toUpperCase()).join(':')}`
