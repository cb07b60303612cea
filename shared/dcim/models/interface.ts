import { defineModel } from '../../model/define.ts'
import { through } from '../../model/filter-hooks.ts'
import { bool, choice, datetime, int, mac, ref, tags, text } from '../../model/fields.ts'
import { followInterfaces } from '../interface-effects.ts'
import { checkInterface, interfaceModes, primaryGuard } from '../interface-rules.ts'
import { interfaceTypes } from '../interface-types.ts'

export const networkInterface = defineModel({
  name: 'dcim.interface',
  path: 'interfaces',
  label: 'Interface',
  labelPlural: 'Interfaces',
  fields: {
    device: ref('dcim.device', {}),
    name: text({ max: 64 }),
    label: text({ max: 64, default: '' }),
    type: choice(interfaceTypes, { default: 'other' }),
    enabled: bool({ default: true }),
    if_index: int({ optional: true, max: 4_294_967_295 }),
    parent: ref('dcim.interface', { optional: true }),
    bridge: ref('dcim.interface', { optional: true }),
    lag: ref('dcim.interface', { optional: true }),
    mtu: int({ optional: true, min: 1, max: 65_536 }),
    mac_address: mac({ optional: true }),
    is_primary: bool({ default: false, help: 'Its address is the address of the device; one per device' }),
    speed: int({ optional: true, max: 4_000_000_000, help: 'Kilobits per second' }),
    duplex: choice({ half: 'Half', full: 'Full', auto: 'Auto' }, { optional: true }),
    mgmt_only: bool({ default: false }),
    integrated: bool({ default: true, help: 'Part of the device, not of a card' }),
    description: text({ default: '' }),
    mode: choice(interfaceModes, { optional: true }),
    last_seen: datetime({ optional: true }),
    tags: tags(),
  },
  unique: [['device', 'name']],
  guards: primaryGuard('device'),
  check: checkInterface,
  tree: 'parent',
  frozen: { device: ['dcim.interface', 'ipam.ipaddress'] },
  effects: followInterfaces,
  onDelete: { device: 'cascade', parent: 'restrict', bridge: 'clear', lag: 'clear', tags: 'clear' },
  filters: {
    site: through('device.site'),
    region: through('device.site.region'),
    location: through('device.location'),
    rack: through('device.rack'),
    device_type: through('device.device_type'),
    device_role: through('device.role'),
    role: through('device.role'),
    manufacturer: through('device.device_type.manufacturer'),
    device_status: through('device.status'),
  },
  search: ['name', 'label', 'mac_address', 'description'],
  columns: ['name', 'device', 'type', 'enabled', 'mac_address', 'mode', 'description'],
  brief: ['device', 'name'],
  ordering: ['device', 'name'],
  writes: 'many',
})
