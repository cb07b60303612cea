import * as fc from 'fast-check'
import { inputOf } from '../../../shared/model/field-schema.ts'
import type { Field } from '../../../shared/model/fields.ts'

/** Texts that say something to one field or another: what a field's own check lets through is used. */
const plausibleTexts = [
  'a@b.example',
  '10.1.2.3',
  'router.example.net',
  'Europe/Berlin',
  'UTC',
  '0 3 * * *',
  'cisco_ios',
  'https://example.net/hook',
  '65000:1',
  'cost_center',
  'mon-fri 22:00-06:00',
  'sat,sun 00:00-24:00',
]

/** Short words that occur again and again, so that rows are equal in a field, and some that break naive code. */
const words = [
  'alpha',
  'Alpha',
  'beta 2',
  'beta 10',
  'BETA 2',
  'null',
  'true',
  'Ünïcode ß',
  '日本',
  '100%',
  'a_b*c',
  'x"y\\z',
  '<b>&',
  '=1+1',
  "o'neil, jr",
  '0',
]

const plausibleJson: readonly unknown[] = [
  {},
  [],
  null,
  'text',
  7,
  { tags: ['x'] },
  { all: true },
  { userId: null, username: 'netkeep', tokenId: null, requestId: 'x', message: '' },
  { and: [{ field: 'name', operator: 'startswith', value: 'core' }] },
  [[2, 200]],
  [
    ['a', 'A'],
    ['b', 'B'],
  ],
  ['10.0.0.0/8'],
]

/** Values a caller may give for a field, as JSON. References are not made here. */
export function valueOf(field: Field): fc.Arbitrary<unknown> {
  const schema = inputOf(field as never)
  return rawValue(field).filter((value) => schema.safeParse(value).success)
}

const accepted = (field: Field, candidates: readonly unknown[]): unknown[] => {
  const schema = inputOf(field as never)
  return candidates.filter((one) => schema.safeParse(one).success)
}

function rawValue(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'text':
      return textOf(field)
    case 'slug':
      return fc.stringMatching(/^[-a-zA-Z0-9_]{1,12}$/)
    case 'secret':
      return fc.stringMatching(/^[a-z]{8}[A-Z0-9]{4,8}$/)
    case 'int':
      return numberBetween(field.min, field.max)
    case 'decimal':
      return decimalOf(field)
    case 'bool':
      return fc.boolean()
    case 'choice':
      return choiceOf(field)
    case 'datetime':
      return instant()
    case 'date':
      return instant().map((text) => text.slice(0, 10))
    case 'network':
      return networkText()
    case 'address':
      return addressText()
    case 'mac':
      return fc.uint8Array({ minLength: 6, maxLength: 6 }).map(macText)
    case 'list':
      return fc.array(valueOf(field.of), { maxLength: Math.min(3, field.max) })
    case 'json':
      return fc.constantFrom(...nonEmpty(accepted(field, plausibleJson), field.kind))
    case 'ref':
    case 'refs':
    case 'object':
    default:
      throw new Error(`a value of the kind ${field.kind} is made from other rows`)
  }
}

function nonEmpty<T>(values: T[], what: string): T[] {
  if (values.length === 0) throw new Error(`no value for a field of the kind ${what}: add a plausible one`)
  return values
}

function textOf(field: Extract<Field, { kind: 'text' }>): fc.Arbitrary<unknown> {
  if (field.pattern !== undefined) return patterned(field, field.pattern.regex)
  if (field.check !== undefined)
    return fc.constantFrom(
      ...nonEmpty(accepted(field, plausibleTexts), `text with a check (max ${field.max})`),
    )
  const fitting = accepted(field, words)
  const free = fc.string({ unit: 'grapheme', maxLength: Math.min(field.max, 12) })
  return fitting.length === 0 ? free : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...fitting) }, free)
}

function patterned(field: Field & { max: number }, regex: RegExp): fc.Arbitrary<unknown> {
  try {
    return fc.stringMatching(regex).map((text) => text.slice(0, field.max))
  } catch {
    // Patterns that look ahead cannot be generated from.
    return fc.constantFrom(
      ...nonEmpty(accepted(field, plausibleTexts), `text with a pattern ${regex.source}`),
    )
  }
}

const numberBetween = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(min, max, Math.min(max, min + 1)),
    fc.integer({ min, max: Math.min(max, min + 30) }),
  )

function decimalOf({ min, max, places }: Extract<Field, { kind: 'decimal' }>): fc.Arbitrary<unknown> {
  const scale = 10 ** places
  const low = Math.ceil(min * scale)
  const high = Math.min(Math.floor(max * scale), low + 1000)
  const number = fc.integer({ min: low, max: high }).map((value) => value / scale)
  // NetBox writes some of its decimals as text.
  return fc.oneof(number, number.map(String))
}

function choiceOf({ choices, numeric }: Extract<Field, { kind: 'choice' }>): fc.Arbitrary<unknown> {
  const name = fc.constantFrom(...Object.keys(choices))
  const value = numeric === true ? name.map(Number) : name
  // A client may send back what it was shown.
  return fc.oneof(
    { weight: 3, arbitrary: value },
    name.map((one) => ({ value: one, label: choices[one] })),
  )
}

const instant = (): fc.Arbitrary<string> =>
  fc
    .date({
      min: new Date('2026-01-01T00:00:00Z'),
      max: new Date('2026-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString())

const octet = fc.integer({ min: 0, max: 255 })

const networkText = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.tuple(octet, octet).map(([a, b]) => `10.${a}.${b}.0/24`),
    fc.tuple(octet).map(([a]) => `2001:db8:${(a + 1).toString(16)}::/48`),
  )

const addressText = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.tuple(octet, octet).map(([a, b]) => `10.0.${a}.${b}/16`),
    fc.tuple(octet).map(([a]) => `2001:db8::${(a + 1).toString(16)}/64`),
  )

const macText = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':')
