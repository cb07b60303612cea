import { defineModel } from '../../model/define.ts'
import { bool, int, refs, tags, text } from '../../model/fields.ts'

/**
 * Which stored versions of a device are kept. The first enabled policy that meets a device holds, whole: of its sites,
 * platforms and tags, each that is given must have something in common with the device. A device that none meets keeps
 * everything, and so does one whose policy says neither a number nor days.
 */
export const retentionPolicy = defineModel({
  name: 'backups.retentionpolicy',
  path: 'retention-policies',
  label: 'Retention policy',
  labelPlural: 'Retention policies',
  fields: {
    name: text({ max: 100 }),
    enabled: bool({ default: true }),
    priority: int({ min: 1, max: 1000, default: 100, help: 'Lower is looked at first' }),
    keep_versions: int({ min: 1, max: 100_000, optional: true, help: 'The newest so many are kept' }),
    keep_days: int({
      min: 1,
      max: 36_500,
      optional: true,
      help: 'What was the configuration within so many days is kept; beside a number, what either of them keeps',
    }),
    sites: refs('dcim.site', { filter: 'site', max: 100 }),
    platforms: refs('dcim.platform', { filter: 'platform', max: 100 }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  onDelete: { sites: 'clear', platforms: 'clear', tags: 'clear' },
  search: ['name', 'description'],
  columns: ['name', 'enabled', 'priority', 'keep_versions', 'keep_days'],
  ordering: ['priority', 'name'],
  referrers: 'none',
})
