import { defineModel } from '../../model/define.ts'
import { ref, tags, text } from '../../model/fields.ts'

export const cardType = defineModel({
  name: 'dcim.cardtype',
  path: 'card-types',
  label: 'Card type',
  labelPlural: 'Card types',
  fields: {
    name: text({ max: 100 }),
    manufacturer: ref('dcim.manufacturer', { optional: true }),
    part_number: text({ max: 50, default: '' }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  onDelete: { manufacturer: 'clear', tags: 'clear' },
  counts: {
    card_count: 'dcim.card.card_type',
  },
  search: ['name', 'part_number', 'description'],
  columns: ['name', 'manufacturer', 'part_number', 'description'],
})
