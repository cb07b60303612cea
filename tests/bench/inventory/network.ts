import { idSource } from '../../../shared/ids.ts'
import type { Model, Refs, Row } from '../../../shared/model/define.ts'
import { withDefaults } from '../../../shared/model/input.ts'
import { referencesOf } from '../../../shared/model/writes.ts'
import { registry } from '../../../shared/models.ts'
import type { Size } from './sizes.ts'

export type Made = { model: Model; row: Row }
type Values = Record<string, unknown>

/** Rows were written over the month before: none is among the newest changes, which each refresh reads again. */
const spreadMs = 30 * 86_400_000
const endedMsAgo = 3_600_000

/** A network of that size, each row as the engine would have stored it, parents first. */
export function* makeNetwork(size: Size, now: Date): Generator<Made> {
  const startMs = now.getTime() - endedMsAgo - spreadMs
  const stepMs = spreadMs / (size.devices * 12)
  let written = 0
  const clock = (): Date => new Date(startMs + written * stepMs)
  const ids = idSource(clock)
  const parents = new Map<string, Row>()
  const make = (name: string, values: Values, isParent = true): Made => {
    written += 1
    const model = registry.get(name)
    const at = clock().toISOString()
    const bare: Row = {
      id: ids.next(),
      version: 1,
      created: at,
      last_updated: at,
      ...withDefaults(model, values),
    }
    const row = { ...bare, ...model.derive?.(bare, refsOf(model, bare, parents), undefined) }
    if (isParent) parents.set(`${name}#${row.id}`, row)
    return { model, row }
  }
  const base = [...makeBase(size, make)]
  yield* base
  const idsOf = (name: string): number[] =>
    base.filter(({ model }) => model.name === name).map(({ row }) => row.id)
  yield* makeDevices(size, make, idsOf)
}

type Make = (name: string, values: Values, isParent?: boolean) => Made

function refsOf(model: Model, row: Row, parents: ReadonlyMap<string, Row>): Refs {
  const refs: Record<string, Row | undefined> = {}
  for (const { to, id, field } of referencesOf(model, row)) {
    if (model.fields[field]?.kind !== 'refs') refs[field] = parents.get(`${to}#${id}`)
  }
  return refs
}

const named = (name: string, at: number): Values => ({ name: `${name} ${at}`, slug: `${name}-${at}` })
const pick = (ids: readonly number[], at: number): number => ids[at % ids.length] ?? 0
const times = <T>(count: number, one: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => one(at))

function* makeBase(size: Size, make: Make): Generator<Made> {
  const some = (name: string, count: number, values: (at: number) => Values): Made[] =>
    times(count, (at) => make(name, values(at)))
  const idsOf = (made: readonly Made[]): number[] => made.map(({ row }) => row.id)
  const regions = some('dcim.region', 20, (at) => named('region', at))
  const sites = some('dcim.site', size.sites, (at) => ({
    ...named('site', at),
    region: pick(idsOf(regions), at),
    facility: `DC${at % 7}`,
  }))
  const makers = some('dcim.manufacturer', 10, (at) => named('maker', at))
  const types = some('dcim.devicetype', 50, (at) => ({
    manufacturer: pick(idsOf(makers), at),
    model: `Model ${at}`,
    slug: `model-${at}`,
  }))
  const tags = some('extras.tag', 20, (at) => named('tag', at))
  const roles = some('dcim.devicerole', 12, (at) => named('role', at))
  const platforms = some('dcim.platform', 10, (at) => named('platform', at))
  const racks = some('dcim.rack', Math.ceil(size.devices / 25), (at) => ({
    name: `rack ${at}`,
    site: pick(idsOf(sites), at),
  }))
  const clusterTypes = some('virtualization.clustertype', 3, (at) => named('kind', at))
  const clusters = some('virtualization.cluster', size.clusters, (at) => ({
    name: `cluster ${at}`,
    type: pick(idsOf(clusterTypes), at),
  }))
  const vrfs = some('ipam.vrf', 10, (at) => ({ name: `vrf ${at}`, rd: `65000:${at}` }))
  const uses = some('ipam.role', 8, (at) => named('use', at))
  yield* [
    regions,
    sites,
    makers,
    types,
    tags,
    roles,
    platforms,
    racks,
    clusterTypes,
    clusters,
    vrfs,
    uses,
  ].flat()
}

const cities = ['ams', 'ber', 'cdg', 'dub'] as const
const statuses = ['active', 'active', 'active', 'active', 'planned', 'staged', 'offline', 'missing'] as const

function* makeDevices(size: Size, make: Make, idsOf: (model: string) => number[]): Generator<Made> {
  const [sites, types, roles] = [idsOf('dcim.site'), idsOf('dcim.devicetype'), idsOf('dcim.devicerole')]
  const [platforms, tags, racks] = [idsOf('dcim.platform'), idsOf('extras.tag'), idsOf('dcim.rack')]
  const vrfs = idsOf('ipam.vrf')
  const perDevice = { ports: size.interfaces / size.devices, addresses: size.addresses / size.devices }
  for (let at = 0; at < size.devices; at++) {
    const device = make(
      'dcim.device',
      {
        name: `sw-${cities[at % cities.length]}-${at}`,
        site: pick(sites, at),
        // Racks were dealt out to the sites in turn: this one is in the device's site.
        rack: racks.length % sites.length === 0 ? pick(racks, at) : null,
        device_type: pick(types, at * 7),
        role: pick(roles, at * 5),
        platform: pick(platforms, at * 3),
        status: statuses[(at * 11) % statuses.length],
        serial: `SN${(at * 7919) % 1_000_003}X${at}`,
        asset_tag: `A${at}`,
        management_address: addressOf(at, 1),
        description: at % 5 === 0 ? `uplink of floor ${at % 17}` : '',
        tags: [pick(tags, at)],
      },
      false,
    )
    yield device
    for (let port = 0; port < perDevice.ports; port++) {
      const made = make(
        'dcim.interface',
        {
          device: device.row.id,
          name: `GigabitEthernet0/${port}`,
          type: '1000base-t',
          mac_address: macOf(at * perDevice.ports + port),
          is_primary: port === 0,
        },
        false,
      )
      yield made
      if (port >= perDevice.addresses) continue
      const assigned_object = { type: 'dcim.interface', id: made.row.id }
      yield make(
        'ipam.ipaddress',
        {
          address: `${addressOf(at, port + 1)}/24`,
          vrf: port === 0 ? null : pick(vrfs, at),
          assigned_object,
          dns_name: `p${port}.sw-${at}.example.net`,
        },
        false,
      )
    }
  }
  yield* makeOthers(size, make, idsOf)
}

function* makeOthers(size: Size, make: Make, idsOf: (model: string) => number[]): Generator<Made> {
  const [sites, clusters, uses] = [idsOf('dcim.site'), idsOf('virtualization.cluster'), idsOf('ipam.role')]
  for (let at = 0; at < size.machines; at++) {
    const values = { name: `vm-${at}`, cluster: pick(clusters, at), vcpus: 4, memory: 8192, disk: 100_000 }
    yield make('virtualization.virtualmachine', values, false)
  }
  for (let at = 0; at < size.prefixes; at++) {
    const values = {
      prefix: `10.${Math.floor(at / 256)}.${at % 256}.0/24`,
      site: pick(sites, at),
      role: pick(uses, at),
    }
    yield make('ipam.prefix', values, false)
  }
}

/** 10.0.0.0/8, a /24 for each hundred devices. */
const addressOf = (at: number, host: number): string => {
  const number = at * 2 + host
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
}

const macOf = (at: number): string =>
  [0x02, 0, ...[24, 16, 8, 0].map((shift) => (at >> shift) & 255)]
    .map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())
    .join(':')
