import { defineModel, type Row } from '../../model/define.ts'
import { choice, int, ref, text } from '../../model/fields.ts'

/** Somebody has asked for the unredacted text of a stored version, and was given it or not. Written before it is given. */
export const reveal = defineModel({
  name: 'backups.reveal',
  path: 'reveals',
  label: 'Reveal',
  labelPlural: 'Reveals',
  fields: {
    /** Null of one that was deleted since, or that was not there. */
    device: ref('dcim.device', { optional: true }),
    device_name: text({ default: '' }),
    /** Null where the newest was asked for, and refused. */
    config_version: int({ min: 1, optional: true }),
    outcome: choice({ granted: 'Granted', refused: 'Refused' }, {}),
    reason: text({ max: 500 }),
    requested_by: text({ max: 150 }),
  },
  onDelete: { device: 'clear' },
  search: ['device_name', 'reason', 'requested_by'],
  columns: ['device_name', 'config_version', 'outcome', 'requested_by', 'reason'],
  display: ({ config_version: version, device_name: name }: Row) =>
    `version ${typeof version === 'number' ? version : 'latest'} of ${String(name)}`,
  ordering: ['-id'],
  verbs: ['view'],
  referrers: 'none',
})
