import { defineModel, type Row } from '../../model/define.ts'
import { through } from '../../model/filter-hooks.ts'
import { bool, choice, decimal, int, ref, tags, text } from '../../model/fields.ts'

/** Rows of the highest unit that a device reaches are kept by the devices themselves (`device.ts`, `cells`). */
export const rack = defineModel({
  name: 'dcim.rack',
  path: 'racks',
  label: 'Rack',
  labelPlural: 'Racks',
  fields: {
    name: text({ max: 100 }),
    facility_id: text({ max: 50, optional: true }),
    site: ref('dcim.site', {}),
    location: ref('dcim.location', { optional: true }),
    status: choice(
      {
        reserved: 'Reserved',
        available: 'Available',
        planned: 'Planned',
        staged: 'Staged',
        active: 'Active',
        offline: 'Offline',
        deprecated: 'Deprecated',
      },
      { default: 'active' },
    ),
    role: ref('dcim.rackrole', { optional: true }),
    serial: text({ max: 50, default: '' }),
    asset_tag: text({ max: 50, optional: true }),
    form_factor: choice(
      {
        '2-post-frame': '2-post frame',
        '4-post-frame': '4-post frame',
        '4-post-cabinet': '4-post cabinet',
        'wall-frame': 'Wall-mounted frame',
        'wall-frame-vertical': 'Wall-mounted frame (vertical)',
        'wall-cabinet': 'Wall-mounted cabinet',
        'wall-cabinet-vertical': 'Wall-mounted cabinet (vertical)',
      },
      { optional: true },
    ),
    width: choice(
      { '10': '10 inches', '19': '19 inches', '21': '21 inches', '23': '23 inches' },
      { default: '19', numeric: true },
    ),
    u_height: int({ min: 1, max: 100, default: 42 }),
    starting_unit: int({ min: 1, max: 1000, default: 1 }),
    desc_units: bool({ default: false, help: 'Units are numbered from the top' }),
    is_default: bool({
      default: false,
      help: 'What is found in the location without a rack goes here; one per location',
    }),
    outer_width: int({ min: 1, max: 32_767, optional: true }),
    outer_depth: int({ min: 1, max: 32_767, optional: true }),
    outer_unit: choice({ mm: 'Millimeters', in: 'Inches' }, { optional: true }),
    weight: decimal({ optional: true, max: 1_000_000 }),
    max_weight: int({ optional: true, max: 10_000_000 }),
    weight_unit: choice({ kg: 'Kilograms', g: 'Grams', lb: 'Pounds', oz: 'Ounces' }, { optional: true }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [['asset_tag'], ['location', 'facility_id']],
  guards: (rack) => [placeGuard(rack), ...defaultGuard(rack)],
  // On creation the location decides the site; later both must agree. Without its location it is nobody's default.
  derive: (_rack, { location }, before) => {
    if (before === undefined) return location === undefined ? {} : { site: location['site'] }
    return location === undefined && before['location'] !== null ? { is_default: false } : {}
  },
  check: (rack, { location }) => [
    ...(location === undefined || location['site'] === rack['site']
      ? []
      : [{ path: 'location', message: 'The location is in another site.' }]),
    ...(rack['is_default'] === true && location === undefined
      ? [{ path: 'is_default', message: 'The default rack of a location needs the location.' }]
      : []),
    ...((rack['outer_width'] !== null || rack['outer_depth'] !== null) && rack['outer_unit'] === null
      ? [{ path: 'outer_unit', message: 'A unit is needed beside outer_width or outer_depth.' }]
      : []),
  ],
  frozen: {
    site: ['dcim.device'],
    // Its devices stood in it only because the rack does: they lose it too.
    location: { by: ['dcim.device'], unless: (after) => after === null },
    // It may grow under them.
    u_height: { by: ['dcim.device'], unless: (after, before) => Number(after) > Number(before) },
    starting_unit: ['dcim.device'],
  },
  onDelete: { location: 'clear', role: 'clear', tags: 'clear' },
  filters: {
    region: through('site.region'),
  },
  counts: {
    device_count: 'dcim.device.rack',
  },
  search: ['name', 'facility_id', 'serial', 'asset_tag', 'description', 'comments'],
  columns: ['name', 'site', 'location', 'status', 'role', 'u_height', 'description'],
})

const placeGuard = ({ site, location, name }: Row) => ({
  name: 'place,name',
  values: [Number(site), Number(location ?? 0), String(name).toLowerCase()],
  field: 'name',
  message: 'A rack with this name already exists in this place.',
})

const defaultGuard = ({ location, is_default }: Row) =>
  is_default === true && location !== null
    ? [
        {
          name: 'default',
          values: [Number(location)],
          field: 'is_default',
          message: 'The location has a default rack already.',
        },
      ]
    : []
