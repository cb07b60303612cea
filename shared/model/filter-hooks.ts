import type { Model, Row } from './define.ts'
import type { Parsed } from './filter-values.ts'
import type { FilterKind } from './lookups.ts'

/**
 * Filters of a model beyond its own fields, as data:
 * ```ts
 * filters: {
 *   manufacturer: through('device_type.manufacturer'),
 *   region: through('site.region'),
 *   mac_address: reverse('dcim.interface.device', 'mac_address'),
 *   has_primary_ip: anySet('primary_ip4', 'primary_ip6'),
 *   mask_length: derived('number', (row) => maskOf(row)),
 *   within: computed({ parse: parseNetworkFilter, test: (networks) => (row) => networks.some(…) }),
 * }
 * ```
 */
export type FilterHook =
  | { hook: 'through'; path: string }
  | { hook: 'reverse'; from: string; filter: string }
  | { hook: 'derived'; kind: FilterKind; valueOf: (row: Row) => unknown; parse?: Parse }
  | ({ hook: 'computed' } & Computed)

type Parse = (text: string) => Parsed

type Computed = {
  /** What OpenAPI says of a value. */
  type: 'string' | 'integer' | 'boolean'
  parse: Parse
  /** Models whose rows the test looks into. */
  needs?: readonly string[]
  /** @param values of all parameters of this name; @param rowsOf the rows of a model in `needs`, by id. */
  test: (values: readonly unknown[], rowsOf: RowsOf) => (row: Row) => boolean
}
type RowsOf = (model: string) => ReadonlyMap<number, Row>

/**
 * A filter of another model, asked through references: `through('site.region')` filters by the region of the site. It
 * has all that filter's lookups; where it names a reference, `<name>_id` comes with it. Of a reference to several
 * models one is named in brackets: `through('assigned_object[dcim.interface].device')`.
 */
export const through = (path: string): FilterHook => ({ hook: 'through', path })

/**
 * Rows that another model's rows refer to: `reverse('dcim.interface.device', 'mac_address')` finds the devices of the
 * interfaces that match.
 * @param from the other model and its field that refers here; @param filter a filter of the other model.
 */
export const reverse = (from: string, filter: string): FilterHook => ({ hook: 'reverse', from, filter })

/** True where any of the fields has a value. @public */
export const anySet = (...fields: readonly string[]): FilterHook =>
  derived('bool', (row) => fields.some((name) => row[name] !== null && row[name] !== undefined))

/** A value computed from the row, with the lookups of its kind. @public */
export const derived = (kind: FilterKind, valueOf: (row: Row) => unknown, parse?: Parse): FilterHook => ({
  hook: 'derived',
  kind,
  valueOf,
  ...(parse === undefined ? {} : { parse }),
})

/** A test of its own, without lookups. @public */
export const computed = (parts: Computed): FilterHook => ({ hook: 'computed', ...parts })

/** One step of a path: a field, and of a reference to several models which one. */
export type Step = { field: string; model: string | undefined }

/** Takes `a.b[x.y].c` apart: the steps, and the filter at the end of them. @throws Error for anything else. */
export function readPath(model: Pick<Model, 'name'>, path: string): { steps: Step[]; last: Step } {
  const parts = path.match(/\w+(?:\[[\w.]+\])?/g) ?? []
  const steps = parts.map((part): Step => {
    const [, field = '', of] = /^(\w+)(?:\[([\w.]+)\])?$/.exec(part) ?? []
    return { field, model: of }
  })
  const last = steps.pop()
  if (last === undefined || parts.join('.') !== path)
    throw new Error(`${model.name} has a filter path "${path}" that cannot be read`)
  return { steps, last }
}
