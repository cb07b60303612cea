import * as z from 'zod'
import { defineModel } from '../../model/define.ts'
import { bool, int, json, list, ref, slug, text } from '../../model/fields.ts'
import { freeForm } from '../../model/free-form.ts'
import { derived } from '../../model/filter-hooks.ts'

const Value = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()])

/** Query parameters as in a URL: `{"status": ["active", "planned"], "name__ic": "core"}`. */
const Parameters = z
  .record(z.string().max(100), z.union([Value, z.array(Value).max(1000)]))
  .refine((parameters) => Object.keys(parameters).length > 0, 'At least one parameter is expected.')
  .refine((parameters) => JSON.stringify(parameters).length <= 20_000, 'At most 20,000 characters as JSON.')

/** A filter under a name, for any list: `?filter=<slug>`. */
export const savedFilter = defineModel({
  name: 'extras.savedfilter',
  path: 'saved-filters',
  label: 'Saved filter',
  labelPlural: 'Saved filters',
  fields: {
    object_types: list(text({ max: 100 }), {
      max: 100,
      help: 'Models whose lists take it, such as dcim.device',
    }),
    name: text({ max: 100 }),
    slug: slug(),
    description: text({ default: '' }),
    user: ref('users.user', { optional: true, help: 'Who may use it while it is not shared' }),
    weight: int({ max: 32_767, default: 100 }),
    enabled: bool({ default: true }),
    shared: bool({ default: true }),
    parameters: json(freeForm(Parameters), {
      help: 'name, label and display take one text; for several there is name__ie',
    }),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  onDelete: { user: 'clear' },
  filters: { object_type: derived('list', (row) => row['object_types']) },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'object_types', 'enabled', 'shared', 'description'],
  brief: ['name', 'slug', 'description'],
  ordering: ['weight', 'name'],
  referrers: 'none',
  // Loaded when a filter is saved: most functions never do.
  rules: async (...given) => (await import('../saved-filter-rules.ts')).savedFilterRules(...given),
})
