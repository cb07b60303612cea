import { defineModel } from '../../model/define.ts'
import { int, ref, slug, tags, text } from '../../model/fields.ts'
import { asnMax, checkAsnRange } from '../asn-rules.ts'

export const asnRange = defineModel({
  name: 'ipam.asnrange',
  path: 'asn-ranges',
  label: 'ASN range',
  labelPlural: 'ASN ranges',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    rir: ref('ipam.rir', {}),
    start: int({ min: 1, max: asnMax }),
    end: int({ min: 1, max: asnMax }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  check: checkAsnRange,
  onDelete: { tags: 'clear' },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'rir', 'start', 'end', 'description'],
  referrers: 'none',
})
