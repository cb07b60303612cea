import { defineModel } from '../../model/define.ts'
import { bool, int, tags, text } from '../../model/fields.ts'
import { usualBudget } from '../credentials/login-budget.ts'

/**
 * Where accounts live: an AAA server, a directory, or the devices themselves. It says how many failed logins one
 * username has there before it is left alone.
 */
export const aaaRealm = defineModel({
  name: 'backups.aaarealm',
  path: 'aaa-realms',
  label: 'AAA realm',
  labelPlural: 'AAA realms',
  fields: {
    name: text({ max: 100 }),
    failures_max: int({
      min: 1,
      max: 100,
      default: usualBudget.failuresMax,
      help: 'Failed logins that one username has in a window; keep it below what locks an account',
    }),
    window_minutes: int({ min: 1, max: 1440, default: usualBudget.windowMinutes }),
    sessions_max: int({
      min: 1,
      max: 1000,
      optional: true,
      help: 'Devices logged in to with accounts of it at once, over all runs; none given means any number',
    }),
    local_accounts: bool({
      default: false,
      help: 'Each device has accounts of its own: the failed logins are counted by device',
    }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  onDelete: { tags: 'clear' },
  search: ['name', 'description'],
  columns: ['name', 'failures_max', 'window_minutes', 'local_accounts'],
})
