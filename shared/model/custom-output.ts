import { customFieldsOf } from './custom-fields.ts'
import type { CustomField } from './custom-field.ts'
import { customValuesOf, fittingValue } from './custom-values.ts'
import type { Model, Row } from './define.ts'

/**
 * Every custom field of the model with the row's value, null where it has none. Selections are plain values as in
 * NetBox; objects are nested by `nest`, and carry their id as `value` too: pynetbox sends that back.
 */
export function showCustomFields(
  model: Model,
  row: Row,
  nest: (to: string, id: number) => Record<string, unknown> | null,
): Record<string, unknown> {
  const values = customValuesOf(row)
  const shown = customFieldsOf(model).map((field) => [
    field.name,
    showValue(field, fittingValue(field, values), nest),
  ])
  return Object.fromEntries(shown) as Record<string, unknown>
}

function showValue(
  { field }: CustomField,
  value: unknown,
  nest: (to: string, id: number) => Record<string, unknown> | null,
): unknown {
  if (value === null) return null
  if (field.kind === 'ref') {
    const nested = nest(field.to, value as number)
    return nested === null ? null : { ...nested, value }
  }
  if (field.kind !== 'refs') return value
  return (value as number[]).map((id) => nest(field.to, id)).filter((one) => one !== null)
}

/** What `OPTIONS` says of each custom field. */
export function describeCustomFields(
  model: Model,
  typeOf: (field: CustomField['field']) => string,
): Record<string, unknown> {
  const described = customFieldsOf(model).map((custom) => {
    const { name, label, help, required, field } = custom
    const choices = field.kind === 'list' ? field.of : field
    return [
      name,
      {
        type: typeOf(field),
        required: required && custom.default === null,
        read_only: false,
        label,
        ...(help === '' ? {} : { help_text: help }),
        ...(field.kind === 'int' || field.kind === 'decimal'
          ? { min_value: field.min, max_value: field.max }
          : {}),
        ...(choices.kind === 'choice'
          ? {
              choices: Object.entries(choices.choices).map(([value, shown]) => ({
                value,
                display_name: shown,
              })),
            }
          : {}),
      },
    ]
  })
  return Object.fromEntries(described) as Record<string, unknown>
}
