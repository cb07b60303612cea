import { defineModel } from '../../model/define.ts'
import { ref, refs, slug, tags, text } from '../../model/fields.ts'

export const department = defineModel({
  name: 'organization.department',
  path: 'departments',
  label: 'Department',
  labelPlural: 'Departments',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    parent: ref('organization.department', { optional: true }),
    contacts: refs('organization.contact', { filter: 'contact' }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  tree: 'parent',
  onDelete: { contacts: 'clear', tags: 'clear' },
  hierarchy: true,
  counts: {
    device_count: 'dcim.device.department',
    virtualmachine_count: 'virtualization.virtualmachine.department',
    circuit_count: 'circuits.circuit.department',
  },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'parent', 'description'],
  referrers: 'many',
})
