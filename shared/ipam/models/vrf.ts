import { defineModel } from '../../model/define.ts'
import { bool, refs, tags, text } from '../../model/fields.ts'
import { policyItems } from '../unique-policy.ts'
import { enforcementIssues, revertWhereDuplicate } from '../vrf-rules.ts'

export const vrf = defineModel({
  name: 'ipam.vrf',
  path: 'vrfs',
  label: 'VRF',
  labelPlural: 'VRFs',
  fields: {
    name: text({ max: 100 }),
    rd: text({ max: 21, optional: true, label: 'Route distinguisher', help: 'As RFC 4364 writes it' }),
    enforce_unique: bool({ default: true, help: 'No prefix and no address twice in this VRF' }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    import_targets: refs('ipam.routetarget', { filter: 'import_target', max: 100 }),
    export_targets: refs('ipam.routetarget', { filter: 'export_target', max: 100 }),
    tags: tags(),
  },
  unique: [['rd']],
  onDelete: { import_targets: 'clear', export_targets: 'clear', tags: 'clear' },
  rules: enforcementIssues,
  effects: revertWhereDuplicate,
  companions: policyItems,
  counts: { prefix_count: 'ipam.prefix.vrf', ipaddress_count: 'ipam.ipaddress.vrf' },
  search: ['name', 'rd', 'description', 'comments'],
  columns: ['name', 'rd', 'enforce_unique', 'description'],
  display: ({ name, rd }) => (typeof rd === 'string' ? `${String(name)} (${rd})` : String(name)),
  brief: ['name', 'rd', 'description'],
  ordering: ['name', 'rd'],
  referrers: 'many',
})
