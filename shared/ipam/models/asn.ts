import { defineModel } from '../../model/define.ts'
import { int, ref, refs, tags, text } from '../../model/fields.ts'
import { asnItems, asnMax, freeAsns } from '../asn-rules.ts'

export const asn = defineModel({
  name: 'ipam.asn',
  path: 'asns',
  label: 'ASN',
  labelPlural: 'ASNs',
  fields: {
    asn: int({ min: 1, max: asnMax, label: 'AS number' }),
    rir: ref('ipam.rir', { optional: true }),
    sites: refs('dcim.site', { filter: 'site', max: 100 }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [['asn']],
  companions: asnItems,
  effects: freeAsns,
  onDelete: { sites: 'clear', tags: 'clear' },
  search: ['description', 'comments'],
  columns: ['asn', 'rir', 'sites', 'description'],
  display: ({ asn: number }) => `AS${String(number)}`,
  brief: ['asn', 'description'],
  ordering: ['asn'],
})
