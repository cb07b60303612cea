import { defineModel, type Row } from '../../model/define.ts'
import { choice, object, ref, tags, text } from '../../model/fields.ts'

const titleMax = 60

/** A note about an object. It goes with the object. */
export const journalEntry = defineModel({
  name: 'extras.journalentry',
  path: 'journal-entries',
  label: 'Journal entry',
  labelPlural: 'Journal entries',
  fields: {
    assigned_object: object('any', {}),
    kind: choice(
      { info: 'Info', success: 'Success', warning: 'Warning', danger: 'Danger' },
      { default: 'info' },
    ),
    comments: text({ multiline: true }),
    created_by: ref('users.user', { optional: true, readOnly: true, isCreator: true }),
    tags: tags(),
  },
  onDelete: { assigned_object: 'cascade', created_by: 'clear', tags: 'clear' },
  search: ['comments'],
  columns: ['assigned_object', 'kind', 'comments', 'created_by'],
  display: (row: Row) => {
    const [first = ''] = String(row['comments']).split('\n')
    return first.length > titleMax ? `${first.slice(0, titleMax)}…` : first
  },
  brief: ['kind', 'comments'],
  ordering: ['-id'],
  referrers: 'none',
})
