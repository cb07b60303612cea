import { AnyJson } from '../../model/custom-definition.ts'
import { customTypes } from '../../model/custom-field.ts'
import { defineModel, type Row } from '../../model/define.ts'
import { bool, choice, decimal, int, json, list, ref, text } from '../../model/fields.ts'
import { freeForm } from '../../model/free-form.ts'
import { derived } from '../../model/filter-hooks.ts'

const bound = () => decimal({ min: -1e12, max: 1e12, places: 4, optional: true })

/** A field that users give to models. Its values are in each row's `custom_fields`. */
export const customField = defineModel({
  name: 'extras.customfield',
  path: 'custom-fields',
  label: 'Custom field',
  labelPlural: 'Custom fields',
  fields: {
    object_types: list(text({ max: 100 }), {
      max: 100,
      help: 'Models that have the field, such as dcim.device',
    }),
    type: choice(customTypes, { default: 'text', help: 'Stays as it is once the field is made' }),
    related_object_type: text({ max: 100, optional: true, help: 'What an object field refers to' }),
    name: text({
      max: 50,
      pattern: {
        regex: /^(?!.*__)[A-Za-z0-9_]+$/,
        message: 'letters, digits and single underscores only',
      },
      help: 'Name in custom_fields and in filters; stays as it is once the field is made',
    }),
    label: text({ max: 50, default: '' }),
    group_name: text({ max: 50, default: '' }),
    description: text({ default: '' }),
    required: bool({ default: false }),
    unique: bool({ default: false, help: 'Can be switched on only when the field is made' }),
    search_weight: int({ max: 32_767, default: 1000, help: '0 keeps its texts out of the free text search' }),
    filter_logic: choice({ disabled: 'Disabled', loose: 'Loose', exact: 'Exact' }, { default: 'exact' }),
    ui_visible: choice({ always: 'Always', 'if-set': 'If set', hidden: 'Hidden' }, { default: 'always' }),
    ui_editable: choice({ yes: 'Yes', no: 'No', hidden: 'Hidden' }, { default: 'yes' }),
    is_cloneable: bool({ default: false }),
    default: json(freeForm(AnyJson), { optional: true }),
    weight: int({ max: 32_767, default: 100, help: 'Lower ones are shown first within their group' }),
    validation_minimum: bound(),
    validation_maximum: bound(),
    validation_regex: text({ max: 100, default: '' }),
    choice_set: ref('extras.customfieldchoiceset', { optional: true }),
    comments: text({ default: '', multiline: true }),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  filters: { object_type: derived('list', (row) => row['object_types']) },
  search: ['name', 'label', 'group_name', 'description', 'comments'],
  columns: ['name', 'type', 'object_types', 'required', 'unique', 'description'],
  ordering: ['group_name', 'weight', 'name'],
  display: (row: Row) => String(row['label'] || row['name']),
  brief: ['name', 'description'],
  referrers: 'none',
  // Loaded when a definition is written: most functions never do.
  rules: async (...given) => (await import('../custom-field-rules.ts')).customFieldRules(...given),
})
