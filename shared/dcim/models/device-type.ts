import { defineModel } from '../../model/define.ts'
import { bool, choice, decimal, ref, slug, tags, text } from '../../model/fields.ts'

export const deviceType = defineModel({
  name: 'dcim.devicetype',
  path: 'device-types',
  label: 'Device type',
  labelPlural: 'Device types',
  fields: {
    manufacturer: ref('dcim.manufacturer', {}),
    model: text({ max: 100 }),
    slug: slug(),
    default_platform: ref('dcim.platform', { optional: true }),
    part_number: text({ max: 50, default: '' }),
    u_height: decimal({
      min: 0,
      max: 100,
      places: 1,
      default: 1,
      help: 'Rack units, in halves; 0 is not racked',
    }),
    exclude_from_utilization: bool({ default: false }),
    is_full_depth: bool({ default: true, help: 'It takes both faces of its units' }),
    airflow: choice(
      {
        'front-to-rear': 'Front to rear',
        'rear-to-front': 'Rear to front',
        'left-to-right': 'Left to right',
        'right-to-left': 'Right to left',
        'side-to-rear': 'Side to rear',
        passive: 'Passive',
        mixed: 'Mixed',
      },
      { optional: true },
    ),
    weight: decimal({ optional: true, max: 1_000_000 }),
    weight_unit: choice({ kg: 'Kilograms', g: 'Grams', lb: 'Pounds', oz: 'Ounces' }, { optional: true }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [{ fields: ['manufacturer', 'model'], ignoreCase: true }, ['manufacturer', 'slug']],
  check: ({ u_height }) =>
    Number.isInteger(Number(u_height) * 2)
      ? []
      : [{ path: 'u_height', message: 'Rack units come in halves: 0.5, 1, 1.5 …' }],
  // Where devices of this type stand is kept unit by unit.
  frozen: { u_height: ['dcim.device'], is_full_depth: ['dcim.device'] },
  onDelete: { default_platform: 'clear', tags: 'clear' },
  counts: {
    device_count: 'dcim.device.device_type',
  },
  search: ['model', 'slug', 'part_number', 'description', 'comments'],
  columns: ['model', 'manufacturer', 'part_number', 'u_height'],
  display: 'model',
  brief: ['manufacturer', 'model', 'slug', 'description'],
  referrers: 'many',
})
