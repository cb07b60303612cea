import { defineModel } from '../../model/define.ts'
import { ref, slug, tags, text } from '../../model/fields.ts'

export const platform = defineModel({
  name: 'dcim.platform',
  path: 'platforms',
  label: 'Platform',
  labelPlural: 'Platforms',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    manufacturer: ref('dcim.manufacturer', { optional: true }),
    driver: text({
      max: 64,
      default: '',
      help: 'How its devices are spoken to: a device type such as cisco_ios. Without it they are not backed up.',
      pattern: { regex: /^[a-z0-9_]*$/, message: 'lower-case letters, digits and _ only' },
    }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  onDelete: { manufacturer: 'clear', tags: 'clear' },
  counts: {
    device_count: 'dcim.device.platform',
    virtualmachine_count: 'virtualization.virtualmachine.platform',
  },
  search: ['name', 'slug', 'driver', 'description'],
  columns: ['name', 'manufacturer', 'driver'],
  referrers: 'many',
})
