import { defineModel } from '../../model/define.ts'
import { bool, choice, ref, refs, secret, tags, text } from '../../model/fields.ts'
import { destinationProblems } from '../notify/destination.ts'

/** Who is told after a run, of what, and how. Without tags and sites: of every device. */
export const subscription = defineModel({
  name: 'backups.subscription',
  path: 'subscriptions',
  label: 'Notification subscription',
  labelPlural: 'Notification subscriptions',
  fields: {
    name: text({ max: 100 }),
    enabled: bool({ default: true }),
    channel: choice({ mail: 'Mail', webhook: 'Webhook', sns: 'SNS topic' }, {}),
    destination: text({
      max: 1000,
      help: 'Mail: addresses with commas between them. Webhook: a URL. SNS topic: its ARN, which the deployment must allow.',
    }),
    mail_server: ref('backups.mailserver', { optional: true }),
    secret: secret({
      optional: true,
      min: 16,
      max: 200,
      help: 'Signs webhooks: HMAC-SHA256 of `<timestamp>.<body>`',
    }),
    on_change: bool({ default: true, help: 'Devices whose configuration has changed' }),
    significant_only: bool({
      default: false,
      help: 'Of changes, only those in lines that mean something (noise rules)',
    }),
    on_failure: bool({ default: false, help: 'Devices that could not be backed up' }),
    on_noncompliance: bool({
      default: false,
      help: 'Devices that fail a compliance rule since the run, and did not before',
    }),
    on_conflict: bool({
      default: false,
      help: 'Devices that say something else than the inventory since the run, and did not before',
    }),
    include_diff: bool({ default: true, help: 'What has changed, secrets as tags' }),
    sites: refs('dcim.site', { filter: 'site' }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  onDelete: { tags: 'clear', sites: 'clear' },
  search: ['name', 'destination', 'description'],
  columns: ['name', 'enabled', 'channel', 'destination', 'on_change', 'on_failure'],
  referrers: 'none',
  check: destinationProblems,
})
