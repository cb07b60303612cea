import { defineModel } from '../../model/define.ts'
import { choice, tags, text } from '../../model/fields.ts'
import { emailProblem } from '../../users/rules.ts'

export const contact = defineModel({
  name: 'organization.contact',
  path: 'contacts',
  label: 'Contact',
  labelPlural: 'Contacts',
  fields: {
    name: text({ max: 100 }),
    title: text({ max: 100, default: '' }),
    category: choice(
      {
        'network-architecture': 'Network architecture',
        'network-delivery': 'Network delivery',
        'network-operation': 'Network operation',
        'site-coordinator': 'Site coordinator',
        'isp-provider': 'ISP provider',
        vendor: 'Vendor',
        'service-desk': 'Service desk',
        'low-voltage': 'Low voltage',
      },
      { optional: true },
    ),
    phone: text({ max: 50, default: '' }),
    email: text({ max: 254, default: '', check: emailProblem }),
    address: text({ max: 500, default: '', multiline: true }),
    link: text({ max: 200, default: '' }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [{ fields: ['email'], ignoreCase: true }],
  onDelete: { tags: 'clear' },
  search: ['name', 'title', 'phone', 'email', 'address', 'description'],
  columns: ['name', 'title', 'category', 'phone', 'email'],
  brief: ['name', 'email', 'description'],
  referrers: 'many',
})
