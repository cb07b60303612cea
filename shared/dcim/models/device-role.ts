import { defineModel } from '../../model/define.ts'
import { bool, slug, tags, text } from '../../model/fields.ts'
import { color } from '../../extras/models/tag.ts'

export const deviceRole = defineModel({
  name: 'dcim.devicerole',
  path: 'device-roles',
  label: 'Device role',
  labelPlural: 'Device roles',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    color: color(),
    vm_role: bool({ default: true }),
    access_point: bool({ default: false, help: 'Its devices are wireless access points' }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  // Only access points have a mode, a group and a controller.
  frozen: { access_point: { by: ['dcim.device'], unless: (after) => after === true } },
  onDelete: { tags: 'clear' },
  counts: {
    device_count: 'dcim.device.role',
    virtualmachine_count: 'virtualization.virtualmachine.role',
  },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'color', 'description'],
  referrers: 'many',
})
