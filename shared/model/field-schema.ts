import * as z from 'zod'
import { networkProblem, parseAddress, parseNetwork } from '../ipam/addresses.ts'
import type { ChoiceField, DecimalField, FieldShape, TextField } from './fields.ts'
import { parseMac } from './mac.ts'
import { nearest } from './nearest.ts'

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
  decimal: (field) => decimalInput(field),
  choice: (field) => choiceInput(field),
  datetime: () => z.iso.datetime({ offset: true, error: 'A time such as 2026-11-30T08:00:00Z is expected.' }),
  date: () => z.iso.date('A day such as 2026-11-30 is expected.'),
  network: () => textThat(networkProblem),
  address: () =>
    textThat((text) =>
      parseAddress(text) === undefined
        ? `"${text.slice(0, 100)}" is not an IP address such as 192.0.2.1/24 or 2001:db8::1/64`
        : undefined,
    ),
  mac: () =>
    textThat((text) =>
      parseMac(text) === undefined
        ? `"${text.slice(0, 100)}" is not a MAC address such as 00:1B:44:11:3A:B7`
        : undefined,
    ),
  list: ({ of, max }) => z.array(inputOf(of)).max(max),
  json: ({ schema }) => schema,
  secret: ({ min, max }) =>
    z
      .string()
      .min(min, min === 1 ? 'This field may not be blank.' : `At least ${min} characters are expected.`)
      .max(max)
      .meta({ writeOnly: true }),
  ref: () => RefInputSchema,
  refs: ({ max }) => z.array(RefInputSchema).max(max),
  // A caller gives it as two members (`shared/model/object-input.ts`); only the system hands it over whole.
  object: () => z.object({ type: z.string(), id: z.int().positive() }),
}

const textThat = (problemOf: (text: string) => string | undefined): z.ZodType =>
  z
    .string()
    .trim()
    .check(({ value, issues }) => {
      const problem = problemOf(value)
      if (problem !== undefined) issues.push({ code: 'custom', message: sentence(problem), input: value })
    })

/** A number, or its digits: NetBox writes some of its decimals as text. */
function decimalInput({ min, max, places }: DecimalField): z.ZodType {
  const scale = 10 ** places
  const isExact = (value: number): boolean => Math.abs(value * scale - Math.round(value * scale)) < 1e-6
  const number = z
    .number()
    .min(min)
    .max(max)
    .refine(isExact, `At most ${places} ${places === 1 ? 'digit' : 'digits'} after the point.`)
  const digits = z
    .string()
    .regex(/^-?\d{1,15}(?:\.\d{1,10})?$/)
    .transform(Number)
  return z.union([number, digits.pipe(number)], {
    error: (issue) => (typeof issue.input === 'number' ? undefined : 'A number is expected.'),
  })
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
function choiceInput({ choices, numeric }: ChoiceField): z.ZodType {
  const names = Object.keys(choices)
  const named = z.enum(names)
  const value = numeric === true ? z.union([named, z.literal(names.map(Number))]) : named
  return z.union([value, z.object({ value })], { error: (issue) => choiceMessage(issue.input, names) })
}

/** The nearest names where there are too many to name all. */
function choiceMessage(given: unknown, names: readonly string[]): string {
  if (names.length <= namedChoicesMax) return `One of ${names.join(', ')} is expected.`
  const near = nearest(typeof given === 'string' ? given : '', names)
  const offered = near.length > 0 ? near : names.slice(0, 3)
  return `There is no such choice. Did you mean ${offered.map((name) => `"${name}"`).join(', ')}?`
}

const namedChoicesMax = 12

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`

/** The value as it is kept, from what `inputOf` let through. References are resolved elsewhere. */
export function normalise(field: FieldShape, given: unknown): unknown {
  if (given === null) return null
  if (given === '' && isOptional(field)) return null
  if (field.kind === 'choice') {
    return String(typeof given === 'object' ? (given as { value: unknown }).value : given)
  }
  if (field.kind === 'datetime') return new Date(given as string).toISOString()
  if (field.kind === 'network') return parseNetwork(given as string)?.text ?? given
  if (field.kind === 'address') return parseAddress(given as string)?.text ?? given
  if (field.kind === 'mac') return parseMac(given as string) ?? given
  if (field.kind === 'list') return (given as unknown[]).map((one) => normalise(field.of, one))
  return given
}

/** Whether null may be given. */
export const isOptional = (field: FieldShape): boolean => 'optional' in field && field.optional

/** What a field is when it is not given at creation; undefined where it must be given. */
export function defaultOf(field: FieldShape): unknown {
  if (field.kind === 'refs' || field.kind === 'list') return []
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
  decimal: z.number(),
  choice: z.string(),
  datetime: z.string(),
  date: z.string(),
  network: z.string(),
  address: z.string(),
  mac: z.string(),
  list: z.array(z.unknown()),
  json: z.unknown(),
  secret: z.string(),
  ref: z.number(),
  refs: z.array(z.number()),
  object: z.object({ type: z.string(), id: z.number() }),
}
