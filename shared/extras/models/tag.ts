import { defineModel, takesTags } from '../../model/define.ts'
import { int, list, slug, text } from '../../model/fields.ts'
import { derived } from '../../model/filter-hooks.ts'
import { modelNameIssues } from '../model-names.ts'

/** Six hexadecimal digits, as NetBox writes colours. */
export const color = () =>
  text({
    max: 6,
    default: '9e9e9e',
    pattern: { regex: /^[0-9a-f]{6}$/, message: 'six hexadecimal digits, lower case' },
  })

export const tag = defineModel({
  name: 'extras.tag',
  path: 'tags',
  label: 'Tag',
  labelPlural: 'Tags',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    color: color(),
    description: text({ default: '' }),
    object_types: list(text({ max: 100 }), {
      help: 'Models it may be given to, such as dcim.device; none is all',
    }),
    weight: int({ max: 32_767, default: 1000 }),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  filters: { object_type: derived('list', (row) => row['object_types']) },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'color', 'description'],
  brief: ['name', 'slug', 'color'],
  referrers: 'many',
  countedAs: { name: 'tagged_items', field: 'tags' },
  rules: async (tools, drafts) => drafts.map((draft) => modelNameIssues(tools, draft, takesTags)),
})
