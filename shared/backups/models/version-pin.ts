import { defineModel, type Row } from '../../model/define.ts'
import { int, ref, text } from '../../model/fields.ts'

/** A stored version that no policy lets go, and why. Made and taken away by `/devices/{id}/versions/{version}/pin/`. */
export const versionPin = defineModel({
  name: 'backups.versionpin',
  path: 'version-pins',
  label: 'Pinned version',
  labelPlural: 'Pinned versions',
  fields: {
    device: ref('dcim.device', {}),
    /** Its number among the versions of the device. */
    config_version: int({ min: -1_000_000_000 }),
    reason: text({ max: 500 }),
    pinned_by: text({ max: 150 }),
  },
  unique: [['device', 'config_version']],
  onDelete: { device: 'cascade' },
  search: ['reason', 'pinned_by'],
  columns: ['device', 'config_version', 'reason', 'pinned_by'],
  display: (row: Row) => `version ${String(row['config_version'])}`,
  brief: ['config_version'],
  ordering: ['-id'],
  verbs: ['view'],
  referrers: 'none',
})
