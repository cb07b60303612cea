import { defineModel } from '../../model/define.ts'
import { choice, slug, tags, text } from '../../model/fields.ts'

export const site = defineModel({
  name: 'dcim.site',
  path: 'sites',
  label: 'Site',
  labelPlural: 'Sites',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    status: choice(
      {
        planned: 'Planned',
        staging: 'Staging',
        active: 'Active',
        decommissioning: 'Decommissioning',
        retired: 'Retired',
      },
      { default: 'active' },
    ),
    facility: text({ max: 50, default: '' }),
    time_zone: text({ max: 64, optional: true }),
    description: text({ default: '' }),
    physical_address: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  onDelete: { tags: 'clear' },
  search: ['name', 'slug', 'facility', 'description', 'comments'],
  columns: ['name', 'status', 'facility', 'description'],
  referrers: 'many',
})
