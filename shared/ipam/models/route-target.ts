import { defineModel } from '../../model/define.ts'
import { tags, text } from '../../model/fields.ts'

export const routeTarget = defineModel({
  name: 'ipam.routetarget',
  path: 'route-targets',
  label: 'Route target',
  labelPlural: 'Route targets',
  fields: {
    name: text({ max: 21, help: 'As RFC 4360 writes it, for example 65000:100' }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [['name']],
  onDelete: { tags: 'clear' },
  search: ['name', 'description', 'comments'],
  columns: ['name', 'description'],
  referrers: 'many',
})
