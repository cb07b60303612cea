import { defineModel } from '../../model/define.ts'
import { int, ref, tags, text } from '../../model/fields.ts'
import { reverse } from '../../model/filter-hooks.ts'
import { asnItems, asnMax, freeAsns } from '../asn-rules.ts'

export const asn = defineModel({
  name: 'ipam.asn',
  path: 'asns',
  label: 'ASN',
  labelPlural: 'ASNs',
  fields: {
    asn: int({ min: 1, max: asnMax, label: 'AS number' }),
    rir: ref('ipam.rir', { optional: true }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [['asn']],
  companions: asnItems,
  effects: freeAsns,
  onDelete: { tags: 'clear' },
  search: ['asn', 'description', 'comments'],
  columns: ['asn', 'rir', 'description'],
  display: ({ asn: number }) => `AS${String(number)}`,
  brief: ['asn', 'description'],
  ordering: ['asn'],
  filters: { site: reverse('dcim.site.asns', 'slug'), site_id: reverse('dcim.site.asns', 'id') },
  counts: { site_count: 'dcim.site.asns', provider_count: 'circuits.provider.asns' },
})
