import { defineModel } from '../../model/define.ts'
import { bool, choice, datetime, json, list, text } from '../../model/fields.ts'
import { timeZoneProblem } from '../../time-zone.ts'
import { weeklyProblem, windowProblems } from '../schedules/window-rules.ts'
import { BackupTarget } from '../runs/work.ts'

/** When devices are not to be backed up, or only then. Either `weekly` says it, or `starts` and `ends` do. */
export const maintenanceWindow = defineModel({
  name: 'backups.maintenancewindow',
  path: 'maintenance-windows',
  label: 'Maintenance window',
  labelPlural: 'Maintenance windows',
  fields: {
    name: text({ max: 100 }),
    enabled: bool({ default: true }),
    kind: choice(
      { no_backup: 'No backups', only_then: 'Backups only then' },
      { default: 'no_backup', help: 'What it says about its devices' },
    ),
    target: json(BackupTarget, { default: {}, help: 'Which devices; none named means every one' }),
    weekly: list(text({ max: 60, check: weeklyProblem }), {
      help: 'Such as mon-fri 22:00-06:00, by the clock on the wall in the time zone',
    }),
    starts: datetime({ optional: true }),
    ends: datetime({ optional: true }),
    timezone: text({ max: 64, default: 'UTC', check: timeZoneProblem }),
    description: text({ default: '' }),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  search: ['name', 'description'],
  columns: ['name', 'enabled', 'kind', 'timezone', 'starts', 'ends'],
  check: windowProblems,
})
