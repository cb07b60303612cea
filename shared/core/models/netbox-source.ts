import { defineModel } from '../../model/define.ts'
import { bool, choice, secret, text } from '../../model/fields.ts'
import { sourceProblems } from '../netbox/address.ts'

/** A NetBox, or what speaks as one, that devices come from. */
export const netboxSource = defineModel({
  name: 'core.netboxsource',
  path: 'netbox-sources',
  label: 'NetBox source',
  labelPlural: 'NetBox sources',
  fields: {
    name: text({ max: 100 }),
    enabled: bool({ default: true, help: 'Without it only dry runs are possible' }),
    remote_url: text({ max: 1000, help: 'https://…, without /api/' }),
    token: secret({ optional: true, max: 4000, help: 'Token that may view devices, of either kind' }),
    ca_certificate: text({
      multiline: true,
      default: '',
      help: 'PEM of the authority that vouches for the server, where it is no public one',
    }),
    device_filter: text({
      max: 1000,
      default: '',
      help: 'Which of its devices, as in its API: status=active&site=ams',
    }),
    gone: choice(
      { report: 'Only report', status: 'Set offline' },
      { default: 'report', help: 'What becomes of devices that it does not list any more' },
    ),
    description: text({ default: '' }),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  search: ['name', 'remote_url', 'description'],
  columns: ['name', 'enabled', 'remote_url', 'device_filter', 'gone'],
  referrers: 'none',
  check: sourceProblems,
})
