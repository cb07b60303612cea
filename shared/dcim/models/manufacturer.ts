import { defineModel } from '../../model/define.ts'
import { slug, tags, text } from '../../model/fields.ts'

export const manufacturer = defineModel({
  name: 'dcim.manufacturer',
  path: 'manufacturers',
  label: 'Manufacturer',
  labelPlural: 'Manufacturers',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  onDelete: { tags: 'clear' },
  counts: {
    devicetype_count: 'dcim.devicetype.manufacturer',
    platform_count: 'dcim.platform.manufacturer',
  },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'slug', 'description'],
  referrers: 'many',
})
