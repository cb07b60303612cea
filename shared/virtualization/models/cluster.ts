import { defineModel } from '../../model/define.ts'
import { through } from '../../model/filter-hooks.ts'
import { choice, ref, tags, text } from '../../model/fields.ts'

/** Its members are devices (`dcim.device.cluster`) and virtual machines: a stack of switches is a cluster too. */
export const cluster = defineModel({
  name: 'virtualization.cluster',
  path: 'clusters',
  label: 'Cluster',
  labelPlural: 'Clusters',
  fields: {
    name: text({ max: 100 }),
    type: ref('virtualization.clustertype', {}),
    status: choice(
      {
        planned: 'Planned',
        staging: 'Staging',
        active: 'Active',
        offline: 'Offline',
        decommissioning: 'Decommissioning',
      },
      { default: 'active' },
    ),
    site: ref('dcim.site', { optional: true }),
    department: ref('organization.department', { optional: true }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  guards: ({ site, name }) => [
    {
      name: 'site,name',
      values: [Number(site ?? 0), String(name).toLowerCase()],
      field: 'name',
      message: 'A cluster with this name already exists in this site.',
    },
  ],
  frozen: { site: ['dcim.device', 'virtualization.virtualmachine'] },
  onDelete: { site: 'restrict', department: 'clear', tags: 'clear' },
  filters: {
    region: through('site.region'),
  },
  counts: {
    device_count: 'dcim.device.cluster',
    virtualmachine_count: 'virtualization.virtualmachine.cluster',
  },
  search: ['name', 'description', 'comments'],
  columns: ['name', 'type', 'status', 'site', 'description'],
  referrers: 'many',
})
