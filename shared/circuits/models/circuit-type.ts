import { defineModel } from '../../model/define.ts'
import { slug, tags, text } from '../../model/fields.ts'
import { color } from '../../extras/models/tag.ts'

export const circuitType = defineModel({
  name: 'circuits.circuittype',
  path: 'circuit-types',
  label: 'Circuit type',
  labelPlural: 'Circuit types',
  fields: {
    name: text({ max: 100, help: 'Such as Internet, P2P, DPLC, dark fibre' }),
    slug: slug(),
    color: color(),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  onDelete: { tags: 'clear' },
  counts: {
    circuit_count: 'circuits.circuit.type',
  },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'color', 'description'],
})
