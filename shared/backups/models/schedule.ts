import { defineModel } from '../../model/define.ts'
import { bool, datetime, int, json, text } from '../../model/fields.ts'
import { timeZoneProblem } from '../../time-zone.ts'
import { cronProblem, scheduleProblems } from '../schedules/schedule-rules.ts'
import { BackupTarget } from '../runs/work.ts'

/** When backups run by themselves. Exactly one of `cron`, `interval_minutes` and `once_at` says it. */
export const schedule = defineModel({
  name: 'backups.schedule',
  path: 'schedules',
  label: 'Backup schedule',
  labelPlural: 'Backup schedules',
  fields: {
    name: text({ max: 100 }),
    enabled: bool({ default: true }),
    target: json(BackupTarget, { default: {} }),
    cron: text({
      max: 100,
      optional: true,
      help: 'Minute, hour, day of month, month, day of week',
      check: cronProblem,
    }),
    interval_minutes: int({ min: 5, max: 527_040, optional: true }),
    once_at: datetime({ optional: true }),
    jitter_minutes: int({
      min: 0,
      max: 1440,
      default: 0,
      help: 'Starts at a random moment within so many minutes after its time; 0 is at its time',
    }),
    timezone: text({ max: 64, default: 'UTC', check: timeZoneProblem }),
    description: text({ default: '' }),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  search: ['name', 'description'],
  columns: ['name', 'enabled', 'cron', 'interval_minutes', 'once_at', 'timezone'],
  check: scheduleProblems,
})
