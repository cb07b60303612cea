import { defineModel } from '../../model/define.ts'
import { bool, json, refs, text } from '../../model/fields.ts'
import { Criteria } from '../criteria.ts'

/** Tags for the rows that meet criteria. Tried by `test`, carried out by `apply` (`shared/extras/routes.ts`). */
export const tagRule = defineModel({
  name: 'extras.tagrule',
  path: 'tag-rules',
  label: 'Tag rule',
  labelPlural: 'Tag rules',
  fields: {
    name: text({ max: 100 }),
    description: text({ default: '' }),
    object_type: text({ max: 100, default: 'dcim.device', help: 'The model whose rows are looked at' }),
    criteria: json(Criteria, {
      help: 'A tree such as {"and": [{"field": "name", "operator": "startswith", "value": "core"}]}',
    }),
    add_tags: refs('extras.tag', { filter: 'add_tag' }),
    is_active: bool({ default: true }),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  onDelete: { add_tags: 'clear' },
  search: ['name', 'description'],
  columns: ['name', 'object_type', 'add_tags', 'is_active', 'description'],
  referrers: 'none',
  // Loaded when a rule is written: most functions never do.
  rules: async (...given) => (await import('../tag-rules.ts')).tagRuleRules(...given),
})
