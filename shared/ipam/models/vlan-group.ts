import { defineModel } from '../../model/define.ts'
import { through } from '../../model/filter-hooks.ts'
import { int, json, object, slug, tags, text } from '../../model/fields.ts'
import { containsVid } from '../network-filters.ts'
import { checkGroup, deriveGroup, groupGuards, vidMax, vidMin, VidRanges } from '../vlan-rules.ts'

export const vlanGroup = defineModel({
  name: 'ipam.vlangroup',
  path: 'vlan-groups',
  label: 'VLAN group',
  labelPlural: 'VLAN groups',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    scope: object(['dcim.region', 'dcim.site', 'dcim.location', 'dcim.rack', 'virtualization.cluster'], {
      optional: true,
    }),
    vid_ranges: json(VidRanges, { default: [[vidMin, vidMax]], help: 'First and last VLAN id of each part' }),
    min_vid: int({ min: vidMin, max: vidMax, default: vidMin }),
    max_vid: int({ min: vidMin, max: vidMax, default: vidMax }),
    total_vlan_ids: int({ optional: true, readOnly: true }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  derive: deriveGroup,
  check: checkGroup,
  guards: groupGuards,
  onDelete: { tags: 'clear' },
  filters: {
    contains_vid: containsVid,
    region: through('scope[dcim.region]'),
    site: through('scope[dcim.site]'),
    location: through('scope[dcim.location]'),
    rack: through('scope[dcim.rack]'),
    cluster: through('scope[virtualization.cluster]'),
  },
  counts: { vlan_count: 'ipam.vlan.group' },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'scope', 'min_vid', 'max_vid', 'description'],
  referrers: 'many',
})
