import * as z from 'zod'
import { defineModel, type Row } from '../../model/define.ts'
import { bool, json, text } from '../../model/fields.ts'

const choicesMax = 1000

/** Values with their labels: `[["a", "Alpha"], ["b", "Beta"]]`. */
const Choices = z
  .array(z.tuple([z.string().trim().min(1).max(100), z.string().trim().min(1).max(100)]))
  .min(1, 'At least one choice is expected.')
  .max(choicesMax)

/** What the values of selections are chosen from. */
export const customFieldChoiceSet = defineModel({
  name: 'extras.customfieldchoiceset',
  path: 'custom-field-choice-sets',
  label: 'Custom field choice set',
  labelPlural: 'Custom field choice sets',
  fields: {
    name: text({ max: 100 }),
    description: text({ default: '' }),
    extra_choices: json(Choices, { help: 'Pairs of value and label' }),
    order_alphabetically: bool({ default: false }),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  search: ['name', 'description'],
  columns: ['name', 'description'],
  check: (row: Row) => {
    const values = (row['extra_choices'] as [string, string][]).map(([value]) => value)
    const twice = values.find((value, index) => values.indexOf(value) !== index)
    return twice === undefined
      ? []
      : [{ path: 'extra_choices', message: `The value "${twice}" is there twice.` }]
  },
  // Loaded when a set is written: most functions never do.
  rules: async (...given) => (await import('../choices-in-use.ts')).choicesInUse(...given),
})
