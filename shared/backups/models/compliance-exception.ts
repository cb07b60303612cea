import { defineModel, type Row } from '../../model/define.ts'
import { datetime, ref, text } from '../../model/fields.ts'

/** A device that a rule is not held against, why, and until when. */
export const complianceException = defineModel({
  name: 'backups.complianceexception',
  path: 'compliance-exceptions',
  label: 'Compliance exception',
  labelPlural: 'Compliance exceptions',
  fields: {
    rule: ref('backups.compliancerule', {}),
    device: ref('dcim.device', {}),
    reason: text({ max: 1000 }),
    expires: datetime({ optional: true, help: 'Counts no more from then on; none: until it is deleted' }),
  },
  unique: [['rule', 'device']],
  onDelete: { rule: 'cascade', device: 'cascade' },
  display: (row: Row) => `Exception ${row.id}`,
  search: ['reason'],
  columns: ['rule', 'device', 'reason', 'expires'],
  referrers: 'none',
})
