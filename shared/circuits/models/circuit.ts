import { defineModel } from '../../model/define.ts'
import { reverse } from '../../model/filter-hooks.ts'
import { address, choice, date, int, list, ref, refs, tags, text } from '../../model/fields.ts'

export const circuit = defineModel({
  name: 'circuits.circuit',
  path: 'circuits',
  label: 'Circuit',
  labelPlural: 'Circuits',
  fields: {
    cid: text({ max: 100, label: 'Circuit ID' }),
    name: text({ max: 100, default: '' }),
    provider: ref('circuits.provider', {}),
    type: ref('circuits.circuittype', {}),
    status: choice(
      {
        planned: 'Planned',
        provisioning: 'Provisioning',
        active: 'Active',
        offline: 'Offline',
        deprovisioning: 'Deprovisioning',
        decommissioned: 'Decommissioned',
      },
      { default: 'active' },
    ),
    install_date: date({ optional: true }),
    termination_date: date({ optional: true }),
    purchase_term: text({ max: 50, default: '', help: 'Length of the contract' }),
    commit_rate: int({ optional: true, max: 4_000_000_000, help: 'Kilobits per second' }),
    vendor_addresses: list(address({}), { help: 'Addresses that the vendor gave us' }),
    vendor_gateways: list(address({})),
    department: ref('organization.department', { optional: true }),
    contacts: refs('organization.contact', { filter: 'contact' }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [{ fields: ['provider', 'cid'], ignoreCase: true }],
  check: ({ install_date, termination_date }) =>
    typeof install_date === 'string' &&
    typeof termination_date === 'string' &&
    termination_date < install_date
      ? [{ path: 'termination_date', message: 'It ends before it was installed.' }]
      : [],
  onDelete: { department: 'clear', contacts: 'clear', tags: 'clear' },
  filters: {
    site: reverse('circuits.circuittermination.circuit', 'site'),
    site_id: reverse('circuits.circuittermination.circuit', 'site_id'),
    region: reverse('circuits.circuittermination.circuit', 'region'),
    region_id: reverse('circuits.circuittermination.circuit', 'region_id'),
  },
  search: ['cid', 'name', 'description', 'comments'],
  columns: ['cid', 'provider', 'type', 'status', 'install_date', 'commit_rate', 'description'],
  display: 'cid',
  brief: ['cid', 'provider', 'description'],
})
