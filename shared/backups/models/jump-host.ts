import { defineModel } from '../../model/define.ts'
import { bool, int, ref, tags, text } from '../../model/fields.ts'
import { addressProblem } from '../../dcim/rules.ts'

/** A host that devices are reached through. Its key is pinned on first use. */
export const jumpHost = defineModel({
  name: 'backups.jumphost',
  path: 'jump-hosts',
  label: 'Jump host',
  labelPlural: 'Jump hosts',
  fields: {
    name: text({ max: 100 }),
    host: text({ max: 253, check: addressProblem, help: 'IP address or host name' }),
    port: int({ min: 1, max: 65_535, default: 22 }),
    credential: ref('backups.credential', {}),
    via: ref('backups.jumphost', { optional: true, help: 'The jump host that this one is behind' }),
    sessions: int({
      min: 1,
      max: 100,
      default: 10,
      help: 'Devices that a batch speaks to through it at once',
    }),
    sessions_max: int({
      min: 1,
      max: 1000,
      optional: true,
      help: 'Devices that are spoken to through it at once, over all batches and runs; none given means any number',
    }),
    legacy_algorithms: bool({ default: false, help: 'Also offer SHA-1, CBC and DSA to it' }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  tree: 'via',
  onDelete: { tags: 'clear' },
  search: ['name', 'host', 'description'],
  columns: ['name', 'host', 'port', 'credential', 'via', 'sessions'],
})
