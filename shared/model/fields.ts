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
export type ChoiceField = Shared &
  MaybeAbsent & { kind: 'choice'; choices: Readonly<Record<string, string>>; default?: string }
export type DatetimeField = Shared & MaybeAbsent & { kind: 'datetime' }
export type JsonField = Shared & MaybeAbsent & { kind: 'json'; schema: z.ZodType; default?: unknown }
/** Write-only: sealed before it is stored, or hashed where nobody ever needs it back; shown as `has_<field>`. */
export type SecretField = Shared &
  MaybeAbsent & { kind: 'secret'; min: number; max: number; hash?: (plaintext: string) => Promise<string> }
/** One other object, by model name. */
export type RefField = Shared & MaybeAbsent & { kind: 'ref'; to: string }
/** Any number of other objects. `filter` is the name in queries (`tag`, `tag_id`). */
type RefsField = Shared & { kind: 'refs'; to: string; max: number; filter: string }

export type FieldShape =
  | TextField
  | SlugField
  | IntField
  | BoolField
  | ChoiceField
  | DatetimeField
  | JsonField
  | SecretField
  | RefField
  | RefsField

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

const refs = (to: string, options: { filter: string; max?: number } & Shared): Field<number[]> => ({
  kind: 'refs',
  to,
  max: 50,
  ...options,
})

/** The tags that nearly every model has. */
export const tags = (): Field<number[]> => refs('extras.tag', { filter: 'tag' })

/** Marks a sealed value for the compiler: a row that is shown does not have it. */
export type Secret<Value> = { readonly sealed: Value }
