import * as z from 'zod'
import { customColumn } from './custom-filters.ts'
import type { Row } from './define.ts'
import type { CustomField, CustomType } from './custom-field.ts'
import {
  bool,
  choice,
  date,
  datetime,
  decimal,
  int,
  json,
  list,
  ref,
  refs,
  text,
  type Field,
} from './fields.ts'
import { patternProblem, patternTextMax } from './lookups.ts'

/** Characters. Rows with their change records must stay below the 400 kB of an item. */
const textMax = 1000
/** Of a text that is guarded: it lies in a key of at most 2,048 bytes, where a character may take nine. */
const uniqueTextMax = 200
const jsonMax = 10_000
const selectedMax = 100
const decimalMax = 1e12
/** NetBox keeps four: https://docs.netbox.dev/en/stable/customization/custom-fields/ */
const decimalPlaces = 4

/** Whatever a body can hold. */
export const AnyJson = z
  .unknown()
  .refine((value) => JSON.stringify(value).length <= jsonMax, `At most ${jsonMax} characters as JSON.`)

type Settings = { row: Row; choices: Readonly<Record<string, string>> }

/** What each type of custom field is like among the fields of a model. */
const kinds: Record<CustomType, (settings: Settings) => Field> = {
  text: ({ row }) => textLike(row, { max: textMax }),
  longtext: ({ row }) => textLike(row, { multiline: true }),
  url: ({ row }) => textLike(row, { max: textMax, isUrl: true }),
  integer: ({ row }) =>
    int({
      optional: true,
      min: Math.ceil(numberOf(row['validation_minimum']) ?? Number.MIN_SAFE_INTEGER),
      max: Math.floor(numberOf(row['validation_maximum']) ?? Number.MAX_SAFE_INTEGER),
    }),
  decimal: ({ row }) =>
    decimal({
      optional: true,
      min: numberOf(row['validation_minimum']) ?? -decimalMax,
      max: numberOf(row['validation_maximum']) ?? decimalMax,
      places: decimalPlaces,
    }),
  boolean: () => bool({ default: false }),
  date: () => date({ optional: true }),
  datetime: () => datetime({ optional: true }),
  json: () => json(AnyJson, { optional: true }),
  select: ({ choices }) => choice(choices, { optional: true }),
  multiselect: ({ choices }) => list(choice(choices, {}), { max: selectedMax }),
  object: ({ row }) => ref(String(row['related_object_type']), { optional: true }),
  multiobject: ({ row }) =>
    refs(String(row['related_object_type']), { filter: customColumn(String(row['name'])) }),
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

function textLike(
  row: Row,
  { isUrl = false, ...shape }: { max?: number; multiline?: boolean; isUrl?: boolean },
) {
  const pattern = patternOf(row['validation_regex'])
  const check = (value: string): string | undefined => {
    if (isUrl && !isWebAddress(value)) return 'a URL such as https://example.org/ is expected'
    if (pattern === undefined) return undefined
    if (value.length > patternTextMax)
      return `at most ${patternTextMax} characters, because it is checked by a pattern`
    return pattern.test(value) ? undefined : `it must match ${String(row['validation_regex'])}`
  }
  const bounds = row['unique'] === true ? { ...shape, max: uniqueTextMax } : shape
  return text({ optional: true, ...bounds, check })
}

/** Django's validators try a pattern from the beginning of the text; so do we. */
function patternOf(source: unknown): RegExp | undefined {
  if (typeof source !== 'string' || source === '' || patternProblem(source) !== undefined) return undefined
  return new RegExp(`^(?:${source})`, 'u')
}

const schemes = new Set([
  'http:',
  'https:',
  'ftp:',
  'ftps:',
  'ssh:',
  'sftp:',
  'telnet:',
  'vnc:',
  'mailto:',
  'tel:',
])

/** Links are shown to be clicked: no script, no data. */
const isWebAddress = (value: string): boolean => URL.canParse(value) && schemes.has(new URL(value).protocol)

/** A definition from its row and the row of its choice set. */
export function customFieldOf(row: Row, choiceSet: Row | undefined): CustomField {
  const choices = Object.fromEntries(choicesOf(choiceSet))
  const type = row['type'] as CustomType
  return {
    id: row.id,
    name: String(row['name']),
    label: String(row['label'] || row['name']),
    group: String(row['group_name']),
    help: String(row['description']),
    type,
    field: kinds[type]({ row, choices }),
    required: row['required'] === true,
    unique: row['unique'] === true,
    default: row['default'] ?? null,
    isSearched: Number(row['search_weight']) > 0,
    filterLogic: row['filter_logic'] as CustomField['filterLogic'],
  }
}

/** Values with their labels, in the order to show. */
export function choicesOf(choiceSet: Row | undefined): [string, string][] {
  const choices = (choiceSet?.['extra_choices'] ?? []) as [string, string][]
  if (choiceSet?.['order_alphabetically'] !== true) return choices
  return choices.toSorted(([, a], [, b]) => a.localeCompare(b))
}
