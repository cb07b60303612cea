import { defineModel } from '../../model/define.ts'
import { choice, int, ref, tags, text } from '../../model/fields.ts'
import { addressProblem } from '../rules.ts'

export const device = defineModel({
  name: 'dcim.device',
  path: 'devices',
  label: 'Device',
  labelPlural: 'Devices',
  fields: {
    name: text({ max: 64 }),
    device_type: ref('dcim.devicetype', {}),
    role: ref('dcim.devicerole', { aliases: ['device_role'] }),
    platform: ref('dcim.platform', { optional: true }),
    serial: text({ max: 50, default: '' }),
    asset_tag: text({ max: 50, optional: true }),
    site: ref('dcim.site', {}),
    status: choice(
      {
        offline: 'Offline',
        active: 'Active',
        planned: 'Planned',
        staged: 'Staged',
        failed: 'Failed',
        inventory: 'Inventory',
        decommissioning: 'Decommissioning',
      },
      { default: 'active' },
    ),
    management_address: text({
      max: 253,
      optional: true,
      help: 'IP address or host name',
      check: addressProblem,
    }),
    management_port: int({ min: 1, max: 65_535, default: 22 }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [{ fields: ['site', 'name'], ignoreCase: true }, ['asset_tag']],
  onDelete: { platform: 'clear', tags: 'clear' },
  search: ['name', 'serial', 'asset_tag', 'management_address', 'description', 'comments'],
  columns: ['name', 'status', 'site', 'role', 'device_type', 'platform', 'management_address'],
  writes: 'many',
})
