import { defineModel } from '../../model/define.ts'
import { through } from '../../model/filter-hooks.ts'
import { choice, int, ref, tags, text } from '../../model/fields.ts'
import { allocationStatuses } from '../statuses.ts'
import { checkVlan, freeVlans, vidMax, vidMin, vlanItems } from '../vlan-rules.ts'

export const vlan = defineModel({
  name: 'ipam.vlan',
  path: 'vlans',
  label: 'VLAN',
  labelPlural: 'VLANs',
  fields: {
    vid: int({ min: vidMin, max: vidMax, label: 'VLAN id' }),
    name: text({ max: 64 }),
    site: ref('dcim.site', { optional: true }),
    group: ref('ipam.vlangroup', { optional: true }),
    status: choice(allocationStatuses, { default: 'active' }),
    role: ref('ipam.role', { optional: true }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [['site', 'vid'], ['group', 'vid'], { fields: ['group', 'name'], ignoreCase: true }],
  check: checkVlan,
  companions: vlanItems,
  effects: freeVlans,
  onDelete: { role: 'clear', tags: 'clear' },
  filters: { region: through('site.region') },
  counts: { prefix_count: 'ipam.prefix.vlan' },
  search: ['vid', 'name', 'description', 'comments'],
  columns: ['vid', 'name', 'site', 'group', 'status', 'role', 'description'],
  display: ({ vid, name }) => `${String(name)} (${String(vid)})`,
  brief: ['vid', 'name', 'description'],
  ordering: ['site', 'group', 'vid'],
  writes: 'many',
})
