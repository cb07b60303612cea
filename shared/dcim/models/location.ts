import { defineModel } from '../../model/define.ts'
import { through } from '../../model/filter-hooks.ts'
import { choice, network, ref, slug, tags, text } from '../../model/fields.ts'
import { placeStatuses } from '../statuses.ts'

export const location = defineModel({
  name: 'dcim.location',
  path: 'locations',
  label: 'Location',
  labelPlural: 'Locations',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    site: ref('dcim.site', {}),
    parent: ref('dcim.location', { optional: true }),
    kind: choice(
      {
        building: 'Building',
        floor: 'Floor',
        room: 'Room',
        lab: 'Lab',
        cage: 'Cage',
        row: 'Row',
        other: 'Other',
      },
      { default: 'room' },
    ),
    status: choice(placeStatuses, { default: 'active' }),
    facility: text({ max: 50, default: '' }),
    network: network({ optional: true, help: 'The network of what stands here, as scans see it' }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  guards: ({ site, parent, name, slug: short }) =>
    [
      { field: 'name', value: String(name).toLowerCase() },
      { field: 'slug', value: String(short) },
    ].map(({ field, value }) => ({
      name: `site,parent,${field}`,
      values: [Number(site), Number(parent ?? 0), value],
      field,
      message: `A location with this ${field} already exists here.`,
    })),
  tree: 'parent',
  // What stands in a location is of its site: it cannot be carried away from below.
  frozen: { site: ['dcim.location', 'dcim.rack', 'dcim.device'] },
  check: ({ site }, { parent }) =>
    parent === undefined || parent['site'] === site
      ? []
      : [{ path: 'parent', message: 'The parent is a location of another site.' }],
  onDelete: { tags: 'clear' },
  hierarchy: true,
  filters: {
    region: through('site.region'),
  },
  counts: {
    rack_count: 'dcim.rack.location',
    device_count: 'dcim.device.location',
  },
  search: ['name', 'slug', 'facility', 'description'],
  columns: ['name', 'site', 'parent', 'kind', 'status', 'network', 'description'],
  referrers: 'many',
})
