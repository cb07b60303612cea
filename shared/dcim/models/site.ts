import { defineModel } from '../../model/define.ts'
import { choice, decimal, ref, refs, slug, tags, text } from '../../model/fields.ts'
import { timeZoneProblem } from '../../time-zone.ts'
import { placeStatuses } from '../statuses.ts'

export const site = defineModel({
  name: 'dcim.site',
  path: 'sites',
  label: 'Site',
  labelPlural: 'Sites',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    code: text({
      max: 20,
      optional: true,
      help: 'Short code, such as an airport code and a number: CNCTU01',
    }),
    status: choice(placeStatuses, { default: 'active' }),
    classification: choice(
      {
        'standard-branch-office': 'Standard branch office',
        'lightweight-branch-office': 'Lightweight branch office',
        'remote-small-office': 'Remote small office',
        headquarters: 'Headquarters',
        'data-center': 'Data center',
        pop: 'Point of presence',
        'cloud-data-center': 'Cloud data center',
        cdn: 'CDN',
      },
      { optional: true, help: 'Each one is a network architecture of its own' },
    ),
    region: ref('dcim.region', { optional: true }),
    facility: text({ max: 50, default: '' }),
    time_zone: text({ max: 64, optional: true, check: timeZoneProblem }),
    description: text({ default: '' }),
    physical_address: text({ default: '', multiline: true, max: 500 }),
    shipping_address: text({ default: '', multiline: true, max: 500 }),
    latitude: decimal({ optional: true, min: -90, max: 90, places: 6 }),
    longitude: decimal({ optional: true, min: -180, max: 180, places: 6 }),
    asns: refs('ipam.asn', { filter: 'asn' }),
    contacts: refs('organization.contact', { filter: 'contact' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug'], { fields: ['code'], ignoreCase: true }],
  onDelete: { region: 'clear', asns: 'clear', contacts: 'clear', tags: 'clear' },
  counts: {
    device_count: 'dcim.device.site',
    rack_count: 'dcim.rack.site',
    prefix_count: 'ipam.prefix.site',
    vlan_count: 'ipam.vlan.site',
    virtualmachine_count: 'virtualization.virtualmachine.site',
  },
  search: ['name', 'slug', 'code', 'facility', 'description', 'physical_address', 'comments'],
  columns: ['name', 'status', 'region', 'classification', 'code', 'description'],
  referrers: 'many',
})
