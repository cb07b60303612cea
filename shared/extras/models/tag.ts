import { defineModel } from '../../model/define.ts'
import { slug, text } from '../../model/fields.ts'

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
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  search: ['name', 'slug', 'description'],
  columns: ['name', 'color', 'description'],
  brief: ['name', 'slug', 'color'],
  referrers: 'many',
})
