import { defineModel } from '../../model/define.ts'
import { int, slug, tags, text } from '../../model/fields.ts'

export const role = defineModel({
  name: 'ipam.role',
  path: 'roles',
  label: 'Role',
  labelPlural: 'Roles',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    weight: int({ max: 32_767, default: 1000 }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  onDelete: { tags: 'clear' },
  counts: { prefix_count: 'ipam.prefix.role', vlan_count: 'ipam.vlan.role' },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'weight', 'description'],
  ordering: ['weight', 'name'],
  referrers: 'many',
})
