import { defineModel } from '../../model/define.ts'
import { slug, tags, text } from '../../model/fields.ts'
import { color } from '../../extras/models/tag.ts'

export const rackRole = defineModel({
  name: 'dcim.rackrole',
  path: 'rack-roles',
  label: 'Rack role',
  labelPlural: 'Rack roles',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    color: color(),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  onDelete: { tags: 'clear' },
  counts: {
    rack_count: 'dcim.rack.role',
  },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'color', 'description'],
})
