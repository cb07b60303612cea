import { defineModel } from '../../model/define.ts'
import { anySet, through } from '../../model/filter-hooks.ts'
import { address, bool, choice, object, ref, tags, text } from '../../model/fields.ts'
import { followAddresses } from '../../dcim/primary-addresses.ts'
import { addressFilters } from '../network-filters.ts'
import {
  addressFences,
  addressGuards,
  addressItems,
  checkAddress,
  deriveAddress,
  duplicateAddresses,
  freeAddresses,
} from '../address-rules.ts'
import { addressRoles, addressStatuses, families } from '../statuses.ts'

export const ipAddress = defineModel({
  name: 'ipam.ipaddress',
  path: 'ip-addresses',
  label: 'IP address',
  labelPlural: 'IP addresses',
  fields: {
    address: address({}),
    family: choice(families, { optional: true, readOnly: true, numeric: true }),
    alone: bool({ default: false, hidden: true }),
    vrf: ref('ipam.vrf', { optional: true }),
    status: choice(addressStatuses, { default: 'active' }),
    role: choice(addressRoles, { optional: true }),
    assigned_object: object(['dcim.interface', 'virtualization.vminterface'], { optional: true }),
    nat_inside: ref('ipam.ipaddress', { optional: true }),
    dns_name: text({
      max: 255,
      default: '',
      label: 'DNS name',
      pattern: {
        regex: /^(?:[0-9a-z_*-]+(?:\.[0-9a-z_-]+)*\.?)?$/i,
        message: 'letters, digits, -, _ and points only',
      },
    }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  derive: (row, refs) => ({ ...deriveAddress(row, refs), dns_name: String(row['dns_name']).toLowerCase() }),
  check: checkAddress,
  rules: duplicateAddresses,
  guards: addressGuards,
  fences: addressFences,
  companions: addressItems,
  effects: async (engine, written, options) => {
    await freeAddresses(engine, written)
    await followAddresses(engine, written, options)
  },
  onDelete: { assigned_object: 'clear', nat_inside: 'clear', tags: 'clear' },
  filters: {
    ...addressFilters('address'),
    device: through('assigned_object[dcim.interface].device'),
    virtual_machine: through('assigned_object[virtualization.vminterface].virtual_machine'),
    interface: through('assigned_object[dcim.interface].name'),
    vminterface: through('assigned_object[virtualization.vminterface].name'),
    assigned_to_interface: anySet('assigned_object'),
  },
  search: ['address', 'dns_name', 'description', 'comments'],
  columns: ['address', 'vrf', 'status', 'role', 'assigned_object', 'dns_name', 'description'],
  display: 'address',
  brief: ['family', 'address', 'description'],
  ordering: ['address'],
  writes: 'many',
})
