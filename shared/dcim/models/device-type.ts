import { defineModel } from '../../model/define.ts'
import { bool, int, ref, slug, tags, text } from '../../model/fields.ts'

export const deviceType = defineModel({
  name: 'dcim.devicetype',
  path: 'device-types',
  label: 'Device type',
  labelPlural: 'Device types',
  fields: {
    manufacturer: ref('dcim.manufacturer', {}),
    model: text({ max: 100 }),
    slug: slug(),
    part_number: text({ max: 50, default: '' }),
    u_height: int({ min: 0, max: 100, default: 1 }),
    is_full_depth: bool({ default: true }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [{ fields: ['manufacturer', 'model'], ignoreCase: true }, ['manufacturer', 'slug']],
  onDelete: { tags: 'clear' },
  search: ['model', 'slug', 'part_number', 'description', 'comments'],
  columns: ['model', 'manufacturer', 'part_number', 'u_height'],
  display: 'model',
  brief: ['model', 'slug', 'description'],
  referrers: 'many',
})
