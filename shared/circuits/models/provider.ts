import { defineModel } from '../../model/define.ts'
import { refs, slug, tags, text } from '../../model/fields.ts'

export const provider = defineModel({
  name: 'circuits.provider',
  path: 'providers',
  label: 'Provider',
  labelPlural: 'Providers',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    account: text({ max: 100, default: '', help: 'Account number' }),
    portal: text({ max: 200, default: '', help: 'Address of the customer portal' }),
    asns: refs('ipam.asn', { filter: 'asn' }),
    noc_contacts: refs('organization.contact', { filter: 'noc_contact' }),
    admin_contacts: refs('organization.contact', { filter: 'admin_contact' }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  onDelete: { asns: 'clear', noc_contacts: 'clear', admin_contacts: 'clear', tags: 'clear' },
  counts: {
    circuit_count: 'circuits.circuit.provider',
  },
  search: ['name', 'slug', 'account', 'description', 'comments'],
  columns: ['name', 'account', 'portal', 'description'],
  referrers: 'many',
})
