import type { Model } from '../../../shared/model/define.ts'
import type { Field } from '../../../shared/model/fields.ts'
import { registry } from '../../../shared/models.ts'
import type { Json, Shown } from '../api.ts'
import { plainValue } from './shown.ts'

/**
 * What filters mean, written a second time and as plainly as can be: over the objects as the API shows them, one
 * after the other. The engine's own code is not used, so that both would have to be wrong in the same way.
 */
export type NaiveFilter = {
  /** Without a lookup. */
  name: string
  lookups: readonly string[]
  /** The values of a row, each as it is compared; none where it has none. */
  valuesOf: (shown: Shown) => readonly (string | number | boolean)[]
  /** Texts to ask with for a value that some row has. */
  askFor: (value: string | number | boolean) => string
  isNumber?: true
  /** Every given value must be there. */
  isSet?: true
  /** What `null` asks for. */
  takesNull?: true
}

const textLookups = ['n', 'ic', 'nic', 'isw', 'nisw', 'iew', 'niew', 'ie', 'nie', 'empty'] as const
const numberLookups = ['n', 'lt', 'lte', 'gt', 'gte', 'empty'] as const

export const naiveFilters = (model: Model): NaiveFilter[] => [
  plain('id', numberLookups, (shown) => [shown.id], { isNumber: true }),
  plain('created', ['lt', 'lte', 'gt', 'gte'], (shown) => [String(shown['created'])], {}),
  ...Object.entries(model.fields)
    .filter(([, { hidden }]) => hidden !== true)
    .flatMap(([name, field]) => filtersOf(name, field)),
]

function filtersOf(name: string, field: Field): NaiveFilter[] {
  const values = (shown: Shown): (string | number | boolean)[] => {
    const value = plainValue(field, shown[name])
    return (Array.isArray(value) ? value : [value]).filter((one) => one !== null) as string[]
  }
  switch (field.kind) {
    case 'json':
    case 'list':
      return []
    case 'secret':
      return [plain(`has_${name}`, [], (shown) => [shown[`has_${name}`] === true], {})]
    case 'bool':
      return [plain(name, [], values, {})]
    case 'int':
    case 'decimal':
      return [plain(name, numberLookups, values, { isNumber: true })]
    case 'datetime':
    case 'date':
      return [plain(name, numberLookups, values, {})]
    case 'choice':
      return [plain(name, textLookups, (shown) => values(shown).map(String), {})]
    case 'text':
    case 'slug':
    case 'mac':
    case 'network':
      return [plain(name, textLookups, values, {})]
    case 'address':
      // Its exact form may be asked for without the mask too, which is none of the naive ways.
      return [plain(name, textLookups.slice(1), values, {})]
    case 'ref':
    case 'refs':
      return referenceFilters(name, field)
    case 'object':
    default:
      return [
        plain(`${name}_id`, ['n', 'empty'], ofMember(`${name}_id`), { isNumber: true }),
        plain(`${name}_type`, ['n', 'empty'], ofMember(`${name}_type`), {}),
      ]
  }
}

const ofMember =
  (member: string) =>
  (shown: Shown): (string | number)[] =>
    shown[member] === null || shown[member] === undefined ? [] : [shown[member] as string]

function referenceFilters(name: string, field: Extract<Field, { kind: 'ref' | 'refs' }>): NaiveFilter[] {
  const target = registry.get(field.to)
  const isMany = field.kind === 'refs'
  const base = isMany ? field.filter : name
  // Objects of a tree stand for what is below them as well (`tests/api/trees.test.ts`): not the naive way.
  const isTree = target.tree !== undefined && target.name !== undefined
  const nested = (shown: Shown): Json[] => [shown[name] ?? []].flat() as Json[]
  const options = isMany && base === 'tag' ? ({ isSet: true } as const) : {}
  if (isTree)
    return [plain(`${base}_id`, ['empty'], (shown) => nested(shown).map(({ id }) => id as number), {})]
  const byId = plain(`${base}_id`, ['n', 'empty'], (shown) => nested(shown).map(({ id }) => id as number), {
    ...options,
    isNumber: true,
    takesNull: true,
  })
  if (!Object.hasOwn(target.fields, 'slug')) return [byId]
  const bySlug = (shown: Shown): string[] =>
    nested(shown).flatMap(({ slug }) => (typeof slug === 'string' ? [slug] : []))
  return [byId, plain(base, ['n', 'empty'], bySlug, { ...options, takesNull: true })]
}

const plain = (
  name: string,
  lookups: readonly string[],
  valuesOf: NaiveFilter['valuesOf'],
  more: Pick<NaiveFilter, 'isNumber' | 'isSet' | 'takesNull'>,
): NaiveFilter => ({ name, lookups, valuesOf, askFor: String, ...more })

/** Whether a row meets `<name>__<lookup>=<text>&<name>__<lookup>=<text>…`. An empty lookup is the bare name. */
export function naivelyHolds(
  filter: NaiveFilter,
  lookup: string,
  texts: readonly string[],
  shown: Shown,
): boolean {
  const values = filter.valuesOf(shown)
  const isEmpty = values.every((value) => value === '')
  if (lookup === 'empty') return texts.some((text) => (text === 'true') === isEmpty)
  const matches = (text: string): boolean => {
    if (text === 'null' && filter.takesNull === true) return values.length === 0
    return values.some((value) => compares(value, positive(lookup), text, filter.isNumber === true))
  }
  if (lookup.startsWith('n') && lookup !== 'n') return !texts.some(matches)
  if (lookup === 'n') return !texts.some(matches)
  return filter.isSet === true ? texts.every(matches) : texts.some(matches)
}

/** `nic` is not `ic`; of `n` alone nothing is left: equality. */
const positive = (lookup: string): string => (lookup.startsWith('n') ? lookup.slice(1) : lookup)

function compares(
  value: string | number | boolean,
  lookup: string,
  text: string,
  isNumber: boolean,
): boolean {
  const [own, given] = isNumber ? [Number(value), Number(text)] : [String(value), text]
  const [ownText, givenText] = [String(value).toLowerCase(), text.toLowerCase()]
  switch (lookup) {
    case '':
      return own === given
    case 'lt':
      return own < given
    case 'lte':
      return own <= given
    case 'gt':
      return own > given
    case 'gte':
      return own >= given
    case 'ic':
      return ownText.includes(givenText)
    case 'isw':
      return ownText.startsWith(givenText)
    case 'iew':
      return ownText.endsWith(givenText)
    case 'ie':
      return ownText === givenText
    default:
      throw new Error(`no lookup ${lookup}`)
  }
}
