import { defineModel } from '../../model/define.ts'
import { address, bool, choice, int, ref, tags, text } from '../../model/fields.ts'
import { rangeFilters } from '../network-filters.ts'
import { checkRange, deriveRange } from '../range-rules.ts'
import { claimRanges, rangeItems } from '../span-rules.ts'
import { allocationStatuses, families } from '../statuses.ts'

export const ipRange = defineModel({
  name: 'ipam.iprange',
  path: 'ip-ranges',
  label: 'IP range',
  labelPlural: 'IP ranges',
  fields: {
    start_address: address({}),
    end_address: address({}),
    family: choice(families, { optional: true, readOnly: true, numeric: true }),
    size: int({ optional: true, readOnly: true }),
    vrf: ref('ipam.vrf', { optional: true }),
    status: choice(allocationStatuses, { default: 'active' }),
    role: ref('ipam.role', { optional: true }),
    mark_populated: bool({ default: false, help: 'Prefixes give none of its addresses out' }),
    mark_utilized: bool({ default: false, help: 'Counts as full' }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  derive: deriveRange,
  check: checkRange,
  fences: claimRanges,
  companions: rangeItems,
  onDelete: { role: 'clear', tags: 'clear' },
  filters: rangeFilters,
  search: ['start_address', 'end_address', 'description', 'comments'],
  columns: ['start_address', 'end_address', 'size', 'vrf', 'status', 'role', 'description'],
  display: ({ start_address: start, end_address: end }) => `${String(start).split('/')[0]}-${String(end)}`,
  brief: ['family', 'start_address', 'end_address', 'description'],
  ordering: ['start_address'],
  referrers: 'none',
})
