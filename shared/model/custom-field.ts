import type { Field } from './fields.ts'

export const customTypes = {
  text: 'Text',
  longtext: 'Text (long)',
  integer: 'Integer',
  decimal: 'Decimal',
  boolean: 'Boolean (true/false)',
  date: 'Date',
  datetime: 'Date & time',
  url: 'URL',
  json: 'JSON',
  select: 'Selection',
  multiselect: 'Multiple selection',
  object: 'Object',
  multiobject: 'Multiple objects',
} as const
export type CustomType = keyof typeof customTypes

/** A field that users gave a model. Its values are in `custom_fields` of each row, by its name. */
export type CustomField = {
  /** Of the definition: what was deleted and made again is another field. */
  id: number
  name: string
  label: string
  group: string
  help: string
  type: CustomType
  /** The kind of field it is like: read, stored, filtered and described as such. */
  field: Field
  required: boolean
  unique: boolean
  /** Given to rows that are made without a value; null for none. */
  default: unknown
  /** Whether the free text search looks into it. */
  isSearched: boolean
  /** How the filter without a lookup compares. */
  filterLogic: 'loose' | 'exact' | 'disabled'
}
