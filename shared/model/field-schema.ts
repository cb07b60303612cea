import * as z from 'zod'
import type { ChoiceField, FieldShape, TextField } from './fields.ts'

/** A reference as it is given: an id, or attributes that name one object. */
export type RefInput = number | string | Record<string, unknown>

// C0 and C1 controls but tab and line ends: they hide text in logs and terminals.
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/
const lineEnds = /[\r\n\t]/

const RefInputSchema = z.union(
  [z.int().positive(), z.string().regex(/^\d{1,16}$/), z.record(z.string(), z.unknown())],
  { error: 'An id or an object with attributes is expected.' },
)

/** What a caller may give for a field. Null is handled by `orNull`. */
export function inputOf<K extends Kind>(field: Extract<FieldShape, { kind: K }>): z.ZodType {
  return inputs[field.kind](field)
}

type Kind = FieldShape['kind']

const slugInput = z.string().min(1, 'This field may not be blank.')

const inputs: { [K in Kind]: (field: Extract<FieldShape, { kind: K }>) => z.ZodType } = {
  text: (field) => textInput(field),
  slug: ({ max }) => slugInput.max(max).regex(/^[-a-zA-Z0-9_]+$/, 'Letters, digits, - and _ only.'),
  int: ({ min, max }) => z.int().min(min).max(max),
  bool: () => z.boolean(),
  choice: (field) => choiceInput(field),
  datetime: () => z.iso.datetime({ offset: true, error: 'A time such as 2026-11-30T08:00:00Z is expected.' }),
  json: ({ schema }) => schema,
  secret: ({ min, max }) =>
    z
      .string()
      .min(min, min === 1 ? 'This field may not be blank.' : `At least ${min} characters are expected.`)
      .max(max)
      .meta({ writeOnly: true }),
  ref: () => RefInputSchema,
  refs: ({ max }) => z.array(RefInputSchema).max(max),
}

function textInput(field: TextField): z.ZodType {
  let schema = z.string().trim().max(field.max)
  const mayBeEmpty = field.optional === true || field.default === ''
  if (!mayBeEmpty) schema = schema.min(1, 'This field may not be blank.')
  const { pattern, check } = field
  const needsValue = (text: string): boolean => text !== '' || !mayBeEmpty
  return schema.check(({ value, issues }) => {
    const complain = (message: string): void => {
      issues.push({ code: 'custom', message, input: value })
    }
    if (controls.test(value)) complain('Control characters are not allowed.')
    if (field.multiline !== true && lineEnds.test(value)) complain('One line only.')
    if (!needsValue(value)) return
    if (pattern !== undefined && !pattern.regex.test(value)) complain(sentence(pattern.message))
    const problem = check?.(value)
    if (problem !== undefined) complain(sentence(problem))
  })
}

/** `active`, or the object that we show: `{"value": "active", "label": "Active"}`. */
function choiceInput(field: ChoiceField): z.ZodType {
  const value = z.enum(Object.keys(field.choices))
  const error = `One of ${Object.keys(field.choices).join(', ')} is expected.`
  return z.union([value, z.object({ value })], { error })
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`

/** The value as it is kept, from what `inputOf` let through. References are resolved elsewhere. */
export function normalise(field: FieldShape, given: unknown): unknown {
  if (given === null) return null
  if (field.kind === 'text' && field.optional === true && given === '') return null
  if (field.kind === 'choice' && typeof given === 'object') return (given as { value: string }).value
  if (field.kind === 'datetime') return new Date(given as string).toISOString()
  return given
}

/** Whether null may be given. */
export const isOptional = (field: FieldShape): boolean => 'optional' in field && field.optional

/** What a field is when it is not given at creation; undefined where it must be given. */
export function defaultOf(field: FieldShape): unknown {
  if (field.kind === 'refs') return []
  if ('default' in field && field.default !== undefined) return field.default
  return isOptional(field) ? null : undefined
}

/** The value as it lies in the item. An item from before the field was declared reads as its default. */
export function storedOf(field: FieldShape): z.ZodType {
  const value = storedValues[field.kind]
  const fallback = defaultOf(field)
  const nullable = isOptional(field) ? value.nullable() : value
  return fallback === undefined ? nullable : nullable.default(fallback as never)
}

const storedValues: Record<Kind, z.ZodType> = {
  text: z.string(),
  slug: z.string(),
  int: z.number(),
  bool: z.boolean(),
  choice: z.string(),
  datetime: z.string(),
  json: z.unknown(),
  secret: z.string(),
  ref: z.number(),
  refs: z.array(z.number()),
}
