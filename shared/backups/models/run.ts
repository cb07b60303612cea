import { defineModel, type Row } from '../../model/define.ts'
import { bool, choice, datetime, int, json, ref, text } from '../../model/fields.ts'
import { BackupTarget } from '../runs/work.ts'

const runStatus = {
  queued: 'Queued',
  planning: 'Planning',
  collecting: 'Collecting',
  second_pass: 'Second pass',
  committing: 'Committing',
  paused: 'Paused',
  success: 'Success',
  partial: 'Partial',
  failed: 'Failed',
  no_devices: 'No devices',
  interrupted: 'Interrupted',
  cancelled: 'Cancelled',
} as const

/** One backup of many devices. The workflow writes it; callers start one with `POST /api/backups/runs/`. */
export const run = defineModel({
  name: 'backups.run',
  path: 'runs',
  label: 'Backup run',
  labelPlural: 'Backup runs',
  fields: {
    status: choice(runStatus, { default: 'queued' }),
    trigger: choice({ on_demand: 'On demand', schedule: 'Schedule' }, {}),
    schedule: ref('backups.schedule', { optional: true }),
    requested_by: text({ max: 150, default: '' }),
    target: json(BackupTarget, { default: {} }),
    started: datetime({ optional: true }),
    finished: datetime({ optional: true }),
    total: int({ default: 0 }),
    changed: int({ default: 0 }),
    unchanged: int({ default: 0 }),
    failed: int({ default: 0 }),
    skipped: int({ default: 0, help: 'Left out by a maintenance window' }),
    commit: text({ max: 64, optional: true }),
    error: text({ max: 2000, optional: true }),
    execution: text({ max: 2048, optional: true }),
    ignore_windows: bool({ default: false, help: 'Maintenance windows did not hold for it' }),
    pauses: int({ min: 0, default: 0, help: 'How often it was paused' }),
  },
  onDelete: { schedule: 'clear' },
  search: ['requested_by', 'error', 'commit'],
  columns: ['status', 'trigger', 'started', 'finished', 'total', 'changed', 'unchanged', 'failed', 'skipped'],
  display: (row: Row) => `Run ${row.id}`,
  brief: ['status'],
  ordering: ['-id'],
  verbs: ['view'],
  referrers: 'none',
})
