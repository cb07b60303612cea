import type { Catalogs } from '../catalog/catalog.ts'
import type { CustomField } from './custom-field.ts'
import { customFieldOf } from './custom-definition.ts'
import { takesTags, type Model, type Row } from './define.ts'
import type { Fields } from './fields.ts'
import type { Registry } from './registry.ts'

type Sources = { registry: Registry; catalogs: Catalogs }

const definitions = 'extras.customfield'
const choiceSets = 'extras.customfieldchoiceset'

/** Users may give fields to what they tag: the things of the network, not tokens, runs or the definitions themselves. */
export const takesCustomFields = takesTags

/**
 * The model with the custom fields it has at this moment, a write that ended before the call included. It costs one
 * small query; a second where a selection is among them. The same object as long as no definition changes.
 * @returns the model itself where it takes none, or is bound already.
 */
export async function bindModel<F extends Fields>(sources: Sources, model: Model<F>): Promise<Model<F>> {
  if (!takesCustomFields(model) || model.customFields !== undefined) return model
  const catalog = sources.catalogs.of(sources.registry.get(definitions))
  await catalog.refresh()
  const rows = [...catalog.rows.values()].filter((row) => isFor(row, model))
  const isSelection = rows.some((row) => row['choice_set'] !== null)
  if (isSelection) await sources.catalogs.of(sources.registry.get(choiceSets)).refresh()
  return boundModel(sources, model, rows) as Model<F>
}

const isFor = (row: Row, model: Model): boolean =>
  (row['object_types'] as readonly string[]).includes(model.name)

const bound = new WeakMap<object, Map<string, { generations: string; model: Model }>>()

function boundModel({ registry, catalogs }: Sources, model: Model, rows: readonly Row[]): Model {
  const catalog = catalogs.of(registry.get(definitions))
  const sets = catalogs.of(registry.get(choiceSets))
  const kept = bound.get(catalog) ?? new Map<string, { generations: string; model: Model }>()
  bound.set(catalog, kept)
  const generations = `${catalog.generation()} ${sets.generation()}`
  const known = kept.get(model.name)
  if (known?.generations === generations) return known.model
  const customFields = rows
    .toSorted(byPlace)
    .map((row) => customFieldOf(row, sets.rows.get(Number(row['choice_set']))))
  const made = { ...model, customFields }
  kept.set(model.name, { generations, model: made })
  return made
}

function byPlace(a: Row, b: Row): number {
  const groups = String(a['group_name']).localeCompare(String(b['group_name']))
  const weights = Number(a['weight']) - Number(b['weight'])
  return groups || weights || String(a['name']).localeCompare(String(b['name']))
}

/** The custom fields of a bound model, in the order to show: groups, weights, names. Columns of files are `cf_<name>`. */
export const customFieldsOf = (model: Model): readonly CustomField[] => model.customFields ?? []
