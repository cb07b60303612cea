import { defineModel } from '../../model/define.ts'
import { through } from '../../model/filter-hooks.ts'
import { bool, choice, network, ref, tags, text } from '../../model/fields.ts'
import { networkFilters } from '../network-filters.ts'
import { prefixCounts } from '../prefix-depths.ts'
import {
  derivePrefix,
  duplicatePrefixes,
  freePrefixes,
  prefixFences,
  prefixGuards,
  prefixItems,
} from '../prefix-rules.ts'
import { families, prefixStatuses } from '../statuses.ts'

export const prefix = defineModel({
  name: 'ipam.prefix',
  path: 'prefixes',
  label: 'Prefix',
  labelPlural: 'Prefixes',
  fields: {
    prefix: network({}),
    family: choice(families, { optional: true, readOnly: true, numeric: true }),
    alone: bool({ default: false, hidden: true }),
    vrf: ref('ipam.vrf', { optional: true }),
    site: ref('dcim.site', { optional: true }),
    vlan: ref('ipam.vlan', { optional: true }),
    status: choice(prefixStatuses, { default: 'active' }),
    role: ref('ipam.role', { optional: true }),
    is_pool: bool({ default: false, help: 'Its first and last address may be used too' }),
    mark_utilized: bool({ default: false, help: 'Counts as full' }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  derive: derivePrefix,
  rules: duplicatePrefixes,
  guards: prefixGuards,
  fences: prefixFences,
  companions: prefixItems,
  effects: freePrefixes,
  onDelete: { site: 'clear', vlan: 'clear', role: 'clear', tags: 'clear' },
  filters: { ...networkFilters('prefix'), region: through('site.region'), vlan_vid: through('vlan.vid') },
  counts: prefixCounts,
  search: ['prefix', 'description', 'comments'],
  columns: ['prefix', 'vrf', 'status', 'site', 'vlan', 'role', 'description'],
  display: 'prefix',
  brief: ['family', 'prefix', 'description'],
  ordering: ['vrf', 'prefix'],
  referrers: 'none',
  writes: 'many',
})
