import { defineModel } from '../../model/define.ts'
import { through } from '../../model/filter-hooks.ts'
import { bool, choice, datetime, int, mac, ref, refs, tags, text } from '../../model/fields.ts'
import { followVmInterfaces } from '../../dcim/interface-effects.ts'
import { interfaceModes, primaryGuard } from '../../dcim/interface-rules.ts'
import { checkVmInterface } from '../rules.ts'

export const vmInterface = defineModel({
  name: 'virtualization.vminterface',
  path: 'interfaces',
  label: 'VM interface',
  labelPlural: 'VM interfaces',
  fields: {
    virtual_machine: ref('virtualization.virtualmachine', {}),
    name: text({ max: 64 }),
    enabled: bool({ default: true }),
    parent: ref('virtualization.vminterface', { optional: true }),
    bridge: ref('virtualization.vminterface', { optional: true }),
    mtu: int({ optional: true, min: 1, max: 65_536 }),
    mac_address: mac({ optional: true }),
    is_primary: bool({ default: false, help: 'Its address is the address of the machine; one per machine' }),
    description: text({ default: '' }),
    mode: choice(interfaceModes, { optional: true }),
    untagged_vlan: ref('ipam.vlan', { optional: true }),
    tagged_vlans: refs('ipam.vlan', { filter: 'tagged_vlan', max: 100 }),
    vrf: ref('ipam.vrf', { optional: true }),
    last_seen: datetime({ optional: true }),
    tags: tags(),
  },
  unique: [['virtual_machine', 'name']],
  guards: primaryGuard('virtual_machine'),
  check: checkVmInterface,
  parent: 'virtual_machine',
  tree: 'parent',
  frozen: { virtual_machine: ['virtualization.vminterface', 'ipam.ipaddress'] },
  effects: followVmInterfaces,
  onDelete: {
    virtual_machine: 'cascade',
    bridge: 'clear',
    untagged_vlan: 'clear',
    tagged_vlans: 'clear',
    vrf: 'clear',
    tags: 'clear',
  },
  filters: {
    cluster: through('virtual_machine.cluster'),
    site: through('virtual_machine.site'),
  },
  // Ansible's inventory reads it.
  counts: { count_ipaddresses: 'ipam.ipaddress.assigned_object[virtualization.vminterface]' },
  search: ['name', 'mac_address', 'description'],
  columns: ['name', 'virtual_machine', 'enabled', 'mac_address', 'description'],
  brief: ['virtual_machine', 'name'],
  ordering: ['virtual_machine', 'name'],
  writes: 'many',
})
