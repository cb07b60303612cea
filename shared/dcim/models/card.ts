import { defineModel, type Row } from '../../model/define.ts'
import { through } from '../../model/filter-hooks.ts'
import { ref, tags, text } from '../../model/fields.ts'

export const card = defineModel({
  name: 'dcim.card',
  path: 'cards',
  label: 'Card',
  labelPlural: 'Cards',
  fields: {
    card_type: ref('dcim.cardtype', {}),
    device: ref('dcim.device', { optional: true, help: 'Without one it lies on the shelf' }),
    slot: text({ max: 64, default: '' }),
    serial: text({ max: 50, default: '' }),
    asset_tag: text({ max: 50, optional: true }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [['asset_tag'], { fields: ['device', 'slot'], ignoreCase: true }],
  onDelete: { device: 'clear', tags: 'clear' },
  filters: {
    site: through('device.site'),
  },
  search: ['slot', 'serial', 'asset_tag', 'description'],
  columns: ['card_type', 'device', 'slot', 'serial', 'asset_tag'],
  display: ({ id, serial, asset_tag }: Row) => String(asset_tag ?? (serial === '' ? `Card ${id}` : serial)),
  brief: ['card_type', 'serial', 'asset_tag'],
})
