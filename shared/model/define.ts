import type * as z from 'zod'
import type { Catalog } from '../catalog/catalog.ts'
import type { Issue } from '../errors.ts'
import type { Key } from '../table/keys.ts'
import type { Item, Write } from '../table/table.ts'
import type { CustomField } from './custom-field.ts'
import type { Engine, WriteOptions } from './engine.ts'
import type { FilterHook } from './filter-hooks.ts'
import type { Field, Fields, Secret } from './fields.ts'

export type Verb = 'view' | 'add' | 'change' | 'delete'
/** What becomes of a child when the object it refers to is deleted. */
export type OnDelete = 'restrict' | 'clear' | 'cascade'

/** What every row has beside its fields. Times are ISO 8601 UTC. */
type Identity = { id: number; version: number; created: string; last_updated: string }
/** A row of any model as it may be shown: without secrets, with `has_<secret>` instead. References are ids. */
export type Row = Identity & Record<string, unknown>

/** A unique set of fields. A row in which one of them is null takes no part. */
export type Unique = readonly string[] | { fields: readonly string[]; ignoreCase: true }

/** The row of each single reference that is set, by field. */
export type Refs = Readonly<Record<string, Row | undefined>>
export type RuleTools = Pick<Engine, 'table' | 'registry' | 'catalogs' | 'now'>
export type RuleDraft = { before: Row | undefined; after: Row; refs: Refs }
/** What is wrong with a row, or what its transaction must take along. */
type Fence = { issues: readonly Issue[]; writes: readonly Write[] }
/** `after` is undefined for a row that was deleted, `before` for one that was created. */
export type Written = { before: Row | undefined; after: Row | undefined }
/** A unique value by its name; `field` is complained about with `message` when another row has it. */
export type GuardOf = {
  name: string
  values: readonly (string | number)[]
  field: string
  message: string
}
/** One place: a cell of a space (unit 12 of rack 7), and which of its parts are taken. */
export type Cell = {
  space: string
  values: readonly (string | number)[]
  parts: readonly string[]
  field: string
  message: string
}

/** A number that follows from other rows in a way of its own: how many prefixes lie in a prefix. */
export type DerivedCount = {
  /** Models whose rows are looked into. */
  needs: readonly string[]
  read: (row: Row, catalogOf: (model: string) => Catalog) => number
}

/**
 * Models whose rows hold a field as it is, or one field of theirs (`dcim.interface.lag`). `unless`: a change
 * that breaks nothing of what they were held against, such as a rack that grows.
 */
export type Frozen =
  | readonly string[]
  | { by: readonly string[]; unless: (after: unknown, before: unknown) => boolean }

export type Definition<F extends Fields> = {
  /** `<area>.<word>`, for example `dcim.devicetype`: the name in permissions and change records. */
  name: `${string}.${string}`
  /** Last part of the URL, for example `device-types`. */
  path: string
  label: string
  labelPlural: string
  fields: F
  unique?: readonly Unique[]
  /** For each reference that is not `restrict`. */
  onDelete?: Readonly<Record<string, OnDelete>>
  /** Fields that `q` looks into. */
  search: readonly (keyof F & string)[]
  /** Fields a table shows first. */
  columns: readonly (keyof F & string)[]
  /** The field, or the function of the row, that names it (default: the field `name`). */
  display?: (keyof F & string) | ((row: Row) => string)
  /** Fields that a nested object carries beside id, url and display. */
  brief?: readonly (keyof F & string)[]
  /** Default order of lists (default: by display). `-` in front turns it round. */
  ordering?: readonly string[]
  /** A reference to one of this, in a filter, means what lies below it in the tree too: a region, a location. */
  hierarchy?: true
  /** Filters beyond the model's own fields (`shared/model/filter-hooks.ts`). */
  filters?: Readonly<Record<string, FilterHook>>
  /** How many rows refer to one of this, by the name it is shown under: `device_count: 'dcim.device.site'`. */
  counts?: Readonly<Record<string, string | readonly string[] | DerivedCount>>
  /** What the API may do; the system writes all models. */
  verbs?: readonly Verb[]
  /**
   * How many rows refer to one of this: `many` spreads the check over 16 items, so that the writers of children do
   * not meet; `none` saves it.
   */
  referrers?: 'many' | 'few' | 'none'
  /** Writes per second beyond a few hundred need their change records spread over partitions. */
  writes?: 'many' | 'few'
  /**
   * Fills fields that follow from others, before `check`; pure. On a change `before` is the row as it was. What it
   * returns overrides the row.
   */
  derive?: (row: Row, refs: Refs, before: Row | undefined) => Readonly<Record<string, unknown>>
  /** Rules over several fields; pure. */
  check?: (row: Row, refs: Refs, before: Row | undefined) => readonly Issue[]
  /** Rules that need more than the row and what it refers to. One list of issues per draft, in their order. */
  rules?: (tools: RuleTools, drafts: readonly RuleDraft[]) => Promise<readonly (readonly Issue[])[]>
  /**
   * Conditions on what others may be writing at this moment; asked when nothing else is wrong with the rows, and again
   * after a lost race. One per draft, in their order.
   */
  fences?: (engine: Engine, drafts: readonly RuleDraft[]) => Promise<readonly Fence[]>
  /** Fields that stay as they are while rows of these models refer to this one. */
  frozen?: Readonly<Record<string, Frozen>>
  /**
   * The reference by which rows are mostly listed, such as the device of an interface: the children of one parent are
   * answered from its references where the catalog is not at hand (`shared/model/by-parent.ts`).
   */
  parent?: keyof F & string
  /** A reference to a parent of the same model: a chain of parents never closes to a ring. */
  tree?: keyof F & string
  /** Unique values that no set of fields tells; of the stored row alone, hidden fields included. */
  guards?: (stored: Row) => readonly GuardOf[]
  /** Places the row takes in spaces that it shares with others, such as the units of a rack. */
  cells?: (stored: Row) => readonly Cell[]
  /** What follows in other rows once the write is done. Must be repeatable. */
  effects?: (engine: Engine, written: readonly Written[], options: WriteOptions) => Promise<void>
  /**
   * Fields that change by themselves, such as the last use of a token: kept in an item of their own, without version
   * and change record, shown with the row, neither filtered nor ordered by.
   */
  live?: { key: (id: number) => Key; schema: z.ZodObject; empty: Readonly<Record<string, null>> }
  /**
   * The name under which each row shows how many rows of all models refer to it by a field of this name. Counted from
   * the references themselves, for pages of at most 50 rows and single objects (else null); neither filtered nor
   * ordered by.
   */
  countedAs?: { name: string; field: string }
  /** Items that are written and removed with the entity. */
  companions?: (stored: Row) => readonly Item[]
}

export type Model<F extends Fields = Fields> = Definition<F> & {
  area: string
  word: string
  verbs: readonly Verb[]
  /** Of a model as it is at one moment (`shared/model/custom-fields.ts`): the fields that users gave it. */
  customFields?: readonly CustomField[]
}

const allVerbs: readonly Verb[] = ['view', 'add', 'change', 'delete']

/**
 * An entity as data. REST, filters, guards, change records, permissions and OpenAPI are derived from it.
 * @throws Error where the definition contradicts itself: at load, so that it never reaches a caller.
 */
export function defineModel<const F extends Fields>(definition: Definition<F>): Model<F> {
  const [area = '', word = ''] = definition.name.split('.')
  const known = new Set(Object.keys(definition.fields))
  const named = [
    ...(definition.unique ?? []).flatMap(uniqueFields),
    ...Object.keys(definition.onDelete ?? {}),
    ...(definition.brief ?? []),
    ...Object.keys(definition.frozen ?? {}),
    ...(definition.tree === undefined ? [] : [definition.tree]),
  ]
  const unknown = named.filter((name) => !known.has(name))
  if (unknown.length > 0) throw new Error(`${definition.name} has no field ${unknown.join(', ')}`)
  const reserved = Object.keys(definition.fields).filter((name) => reservedNames.has(name))
  if (reserved.length > 0) throw new Error(`${definition.name} cannot have a field ${reserved.join(', ')}`)
  return { verbs: allVerbs, ...definition, area, word }
}

/** Names the engine gives itself, and `results`, which pynetbox takes for a page. */
const reservedNames = new Set([
  'id',
  'url',
  'display',
  'version',
  'created',
  'last_updated',
  'custom_fields',
  'results',
  'pk',
  'sk',
])

export const takesTags = ({ fields }: Pick<Model, 'fields'>): boolean => Object.hasOwn(fields, 'tags')

export const uniqueFields = (unique: Unique): readonly string[] =>
  'fields' in unique ? unique.fields : unique

export const permissionOf = (model: Pick<Model, 'area' | 'word'>, verb: Verb): Permission =>
  `${model.area}.${verb}_${model.word}`
export type Permission = `${string}.${string}_${string}`

type ValueOf<F> = F extends Field<infer Value> ? Value : never
type IsSecret<F> = NonNullable<ValueOf<F>> extends Secret<unknown> ? true : false
type OpenNames<F> = { [K in keyof F]: IsSecret<F[K]> extends true ? never : K }[keyof F]
type SecretNames<F> = Exclude<keyof F, OpenNames<F>> & string

/** A row as it may be shown. */
export type RowOf<M> =
  M extends Model<infer F>
    ? Identity & { -readonly [K in OpenNames<F>]: ValueOf<F[K]> } & {
        [K in SecretNames<F> as `has_${K}`]: boolean
      }
    : never

/** A row as it is stored: secrets sealed. */
export type StoredOf<M> =
  M extends Model<infer F>
    ? Identity & {
        -readonly [K in keyof F]: ValueOf<F[K]> extends Secret<infer Sealed> ? Sealed : ValueOf<F[K]>
      }
    : never

/** What a write takes: references as ids or attribute objects, secrets in clear. */
export type InputOf<F extends Fields> = {
  [K in keyof F]?:
    | (ValueOf<F[K]> extends Secret<infer Sealed> ? Sealed : ValueOf<F[K]> | Attributes)
    | undefined
}
type Attributes = Readonly<Record<string, unknown>>
