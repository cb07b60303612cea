import { defineModel } from '../../model/define.ts'
import { ref, refs, slug, tags, text } from '../../model/fields.ts'

/** Access points that send the same networks: devices name it in `ap_group`. */
export const apGroup = defineModel({
  name: 'wireless.apgroup',
  path: 'ap-groups',
  label: 'AP group',
  labelPlural: 'AP groups',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    site: ref('dcim.site', { optional: true }),
    wireless_lans: refs('wireless.wirelesslan', { filter: 'wireless_lan' }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  onDelete: { wireless_lans: 'clear', tags: 'clear' },
  counts: {
    device_count: 'dcim.device.ap_group',
  },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'site', 'wireless_lans', 'description'],
  referrers: 'many',
})
