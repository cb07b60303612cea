import { defineModel } from '../../model/define.ts'
import { bool, slug, tags, text } from '../../model/fields.ts'

export const rir = defineModel({
  name: 'ipam.rir',
  path: 'rirs',
  label: 'RIR',
  labelPlural: 'RIRs',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    is_private: bool({ default: false, help: 'Its space is not routed in the Internet' }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  onDelete: { tags: 'clear' },
  counts: { aggregate_count: 'ipam.aggregate.rir' },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'is_private', 'description'],
  referrers: 'many',
})
