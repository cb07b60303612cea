import { defineModel } from '../../model/define.ts'
import { text } from '../../model/fields.ts'

export const group = defineModel({
  name: 'users.group',
  path: 'groups',
  label: 'Group',
  labelPlural: 'Groups',
  fields: { name: text({ max: 150 }), description: text({ default: '' }) },
  unique: [{ fields: ['name'], ignoreCase: true }],
  search: ['name', 'description'],
  columns: ['name', 'description'],
  referrers: 'many',
})
