import { defineModel } from '../../model/define.ts'
import { reverse, through } from '../../model/filter-hooks.ts'
import { choice, datetime, decimal, int, ref, tags, text } from '../../model/fields.ts'
import { checkVirtualMachine, deriveVirtualMachine } from '../rules.ts'

export const virtualMachine = defineModel({
  name: 'virtualization.virtualmachine',
  path: 'virtual-machines',
  label: 'Virtual machine',
  labelPlural: 'Virtual machines',
  fields: {
    name: text({ max: 64 }),
    status: choice(
      {
        planned: 'Planned',
        staged: 'Staged',
        active: 'Active',
        offline: 'Offline',
        paused: 'Paused',
        failed: 'Failed',
        decommissioning: 'Decommissioning',
        retired: 'Retired',
        unknown: 'Unknown',
      },
      { default: 'active' },
    ),
    site: ref('dcim.site', { optional: true }),
    cluster: ref('virtualization.cluster', { optional: true }),
    device: ref('dcim.device', { optional: true, help: 'The device it runs on' }),
    role: ref('dcim.devicerole', { optional: true }),
    platform: ref('dcim.platform', { optional: true }),
    department: ref('organization.department', { optional: true }),
    owner: ref('users.user', { optional: true }),
    contact: ref('organization.contact', { optional: true }),
    serial: text({ max: 50, default: '' }),
    vcpus: decimal({ optional: true, min: 0.01, max: 10_000 }),
    memory: int({ optional: true, help: 'Megabytes' }),
    disk: int({ optional: true, help: 'Megabytes' }),
    last_seen: datetime({ optional: true }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  guards: ({ cluster, site, name }) => [
    {
      name: 'place,name',
      values: [Number(cluster ?? 0), cluster === null ? Number(site ?? 0) : 0, String(name).toLowerCase()],
      field: 'name',
      message: 'A virtual machine with this name already exists in this cluster.',
    },
  ],
  derive: deriveVirtualMachine,
  check: checkVirtualMachine,
  onDelete: {
    device: 'clear',
    role: 'restrict',
    platform: 'clear',
    department: 'clear',
    owner: 'clear',
    contact: 'clear',
    tags: 'clear',
  },
  filters: {
    region: through('site.region'),
    cluster_type: through('cluster.type'),
    mac_address: reverse('virtualization.vminterface.virtual_machine', 'mac_address'),
  },
  search: ['name', 'serial', 'description', 'comments'],
  columns: ['name', 'status', 'cluster', 'site', 'role', 'vcpus', 'memory', 'disk'],
  writes: 'many',
})
