import type * as z from 'zod'

/** What every field may say. */
type Shared = {
  label?: string
  help?: string
  /** Other names that are accepted on write, for clients of older NetBox versions. */
  aliases?: readonly string[]
  /** Set by the system only; refused from a caller. */
  readOnly?: boolean
  /** Kept in the item, never shown, filtered or recorded. */
  hidden?: boolean
}

/** Absent is null. A field with neither `optional` nor `default` must be given. */
type MaybeAbsent = { optional?: boolean }

export type TextField = Shared &
  MaybeAbsent & {
    kind: 'text'
    /** Characters. */
    max: number
    default?: string
    multiline?: boolean
    pattern?: { regex: RegExp; message: string }
    /** A message when the text is not acceptable. */
    check?: (text: string) => string | undefined
  }
export type SlugField = Shared & { kind: 'slug'; max: number }
export type IntField = Shared & MaybeAbsent & { kind: 'int'; min: number; max: number; default?: number }
export type BoolField = Shared & { kind: 'bool'; default: boolean }
export type DecimalField = Shared &
  MaybeAbsent & {
    kind: 'decimal'
    min: number
    max: number
    /** Digits after the point. */
    places: number
    default?: number
  }
export type ChoiceField = Shared &
  MaybeAbsent & {
    kind: 'choice'
    choices: Readonly<Record<string, string>>
    default?: string
    /** The values are whole numbers: taken and shown as such (a rack's width). */
    numeric?: boolean
  }
export type DatetimeField = Shared & MaybeAbsent & { kind: 'datetime' }
/** A day, `2026-11-30`. */
export type DateField = Shared & MaybeAbsent & { kind: 'date' }
/** A network in canonical text, `10.0.0.0/8` or `2001:db8::/32`. */
export type NetworkField = Shared & MaybeAbsent & { kind: 'network' }
/** An address with its mask in canonical text, `10.0.0.1/24`; given without one it stands alone (`/32`, `/128`). */
export type AddressField = Shared & MaybeAbsent & { kind: 'address' }
/** A hardware address, kept as `00:1B:44:11:3A:B7`; taken in every usual notation. */
export type MacField = Shared & MaybeAbsent & { kind: 'mac' }
/** Several plain values, in their order. */
type ListField = Shared & { kind: 'list'; of: ListMember; max: number }
type ListMember = TextField | IntField | ChoiceField | AddressField | NetworkField
export type JsonField = Shared & MaybeAbsent & { kind: 'json'; schema: z.ZodType; default?: unknown }
/** Write-only: sealed before it is stored, or hashed where nobody ever needs it back; shown as `has_<field>`. */
export type SecretField = Shared &
  MaybeAbsent & { kind: 'secret'; min: number; max: number; hash?: (plaintext: string) => Promise<string> }
/** One other object, by model name. */
export type RefField = Shared &
  MaybeAbsent & {
    kind: 'ref'
    to: string
    /** Lists read the objects by key, page by page: there are too many of them to load them all to name a few. */
    byKey?: true
    /** The user who made the row. Beside `readOnly`: nobody gives it. */
    isCreator?: boolean
  }
/** Any number of other objects. `filter` is the name in queries (`tag`, `tag_id`). */
type RefsField = Shared & { kind: 'refs'; to: string; max: number; filter: string }
/**
 * One object of several models: NetBox's generic foreign key. Given and shown as `<name>_type` and `<name>_id`, the
 * object itself beside them. `any` is every model that may be referred to.
 */
export type ObjectField = Shared & MaybeAbsent & { kind: 'object'; to: readonly string[] | 'any' }
/** An object reference as it is stored. */
export type ObjectRef = { type: string; id: number }

export type FieldShape =
  | TextField
  | SlugField
  | IntField
  | BoolField
  | DecimalField
  | ChoiceField
  | DatetimeField
  | DateField
  | NetworkField
  | AddressField
  | MacField
  | ListField
  | JsonField
  | SecretField
  | RefField
  | RefsField
  | ObjectField

/** A field and, for the compiler only, the type of its value. */
export type Field<Value = unknown> = FieldShape & { readonly valueType?: Value }
export type Fields = Readonly<Record<string, Field>>

type Nullable<Options, Value> = Options extends { optional: true } ? Value | null : Value
type Given<F extends FieldShape> = Omit<F, 'kind'>

const textMax = 200
/** Bounds the item: DynamoDB holds 400 kB. */
const longTextMax = 20_000

export function text<const O extends Partial<Given<TextField>>>(options: O): Field<Nullable<O, string>> {
  return { kind: 'text', max: options.multiline === true ? longTextMax : textMax, ...options }
}

export const slug = (options: Partial<Given<SlugField>> = {}): Field<string> => ({
  kind: 'slug',
  max: 100,
  ...options,
})

export function int<const O extends Partial<Given<IntField>>>(options: O): Field<Nullable<O, number>> {
  return { kind: 'int', min: 0, max: Number.MAX_SAFE_INTEGER, ...options }
}

export const bool = (options: Given<BoolField>): Field<boolean> => ({ kind: 'bool', ...options })

export function choice<
  const C extends Readonly<Record<string, string>>,
  const O extends Partial<Omit<ChoiceField, 'kind' | 'choices'>>,
>(choices: C, options: O): Field<Nullable<O, keyof C & string>> {
  return { kind: 'choice', choices, ...options }
}

export function decimal<const O extends Partial<Given<DecimalField>>>(
  options: O,
): Field<Nullable<O, number>> {
  return { kind: 'decimal', min: 0, max: 1e12, places: 2, ...options }
}

export function date<const O extends Given<DateField>>(options: O): Field<Nullable<O, string>> {
  return { kind: 'date', ...options }
}

export function network<const O extends Given<NetworkField>>(options: O): Field<Nullable<O, string>> {
  return { kind: 'network', ...options }
}

export function address<const O extends Given<AddressField>>(options: O): Field<Nullable<O, string>> {
  return { kind: 'address', ...options }
}

export function mac<const O extends Given<MacField>>(options: O): Field<Nullable<O, string>> {
  return { kind: 'mac', ...options }
}

export const list = <Value>(
  of: Field<Value>,
  options: Shared & { max?: number } = {},
): Field<NonNullable<Value>[]> => ({ kind: 'list', of: of as ListMember, max: 50, ...options })

export function object<const O extends Omit<Given<ObjectField>, 'to'>>(
  to: readonly string[] | 'any',
  options: O,
): Field<Nullable<O, ObjectRef>> {
  return { kind: 'object', to, ...options }
}

export function datetime<const O extends Given<DatetimeField>>(options: O): Field<Nullable<O, string>> {
  return { kind: 'datetime', ...options }
}

export function json<const S extends z.ZodType, const O extends Omit<Given<JsonField>, 'schema'>>(
  schema: S,
  options: O,
): Field<Nullable<O, z.output<S>>> {
  return { kind: 'json', schema, ...options }
}

export function secret<const O extends Partial<Given<SecretField>>>(
  options: O,
): Field<Secret<Nullable<O, string>>> {
  return { kind: 'secret', min: 1, max: 10_000, ...options }
}

export function ref<const O extends Omit<Given<RefField>, 'to'>>(
  to: string,
  options: O,
): Field<Nullable<O, number>> {
  return { kind: 'ref', to, ...options }
}

export const refs = (to: string, options: { filter: string; max?: number } & Shared): Field<number[]> => ({
  kind: 'refs',
  to,
  // Each one is two members of the row's transaction, which holds 100; up to 22 are the row's own.
  max: 38,
  ...options,
})

/** The tags that nearly every model has. */
export const tags = (): Field<number[]> => refs('extras.tag', { filter: 'tag' })

/** Marks a sealed value for the compiler: a row that is shown does not have it. */
export type Secret<Value> = { readonly sealed: Value }
