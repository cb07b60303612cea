import { defineModel } from '../../model/define.ts'
import { choice, date, network, ref, tags, text } from '../../model/fields.ts'
import { networkFilters } from '../network-filters.ts'
import { claimAggregates, aggregateItems } from '../span-rules.ts'
import { familyOf } from '../families.ts'
import { families } from '../statuses.ts'

export const aggregate = defineModel({
  name: 'ipam.aggregate',
  path: 'aggregates',
  label: 'Aggregate',
  labelPlural: 'Aggregates',
  fields: {
    prefix: network({}),
    family: choice(families, { optional: true, readOnly: true, numeric: true }),
    rir: ref('ipam.rir', {}),
    date_added: date({ optional: true }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  derive: ({ prefix }) => ({ family: familyOf(prefix) }),
  fences: claimAggregates,
  companions: aggregateItems,
  onDelete: { tags: 'clear' },
  filters: networkFilters('prefix'),
  search: ['prefix', 'description', 'comments'],
  columns: ['prefix', 'rir', 'date_added', 'description'],
  display: 'prefix',
  brief: ['family', 'prefix', 'description'],
  ordering: ['prefix'],
})
