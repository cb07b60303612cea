import { defineModel } from '../../model/define.ts'
import { ref, slug, tags, text } from '../../model/fields.ts'

export const region = defineModel({
  name: 'dcim.region',
  path: 'regions',
  label: 'Region',
  labelPlural: 'Regions',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    parent: ref('dcim.region', { optional: true }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [['slug']],
  guards: ({ parent, name }) => [
    {
      name: 'parent,name',
      values: [Number(parent ?? 0), String(name).toLowerCase()],
      field: 'name',
      message: 'A region with this name already exists here.',
    },
  ],
  tree: 'parent',
  onDelete: { tags: 'clear' },
  hierarchy: true,
  counts: {
    site_count: 'dcim.site.region',
  },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'parent', 'description'],
  referrers: 'many',
})
