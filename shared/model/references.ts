import type { Issue } from '../errors.ts'
import type { Catalogs } from '../catalog/catalog.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { customTargets } from './custom-values.ts'
import type { Model, Row } from './define.ts'
import type { Field } from './fields.ts'
import { noSuch } from './nearest.ts'
import type { Registry } from './registry.ts'
import { publicRow, storedSchema } from './rows.ts'
import { referencesOf, type Reference } from './writes.ts'

type Sources = { table: Table; registry: Registry }

/** Rows of any model by `<model>#<id>`. */
export type Known = ReadonlyMap<string, Row>
export const knownKey = (model: string, id: number): string => `${model}#${id}`

/** Reads the objects that rows refer to, by key: what was just written is there. */
export async function readReferences(sources: Sources, model: Model, rows: readonly Row[]): Promise<Known> {
  return readAll(
    sources,
    rows.flatMap((row) => referencesOf(model, row)),
  )
}

/** The same with what nested objects show in turn, such as the device of an address's interface. */
export async function readShown(sources: Sources, model: Model, rows: readonly Row[]): Promise<Known> {
  const known = await readReferences(sources, model, rows)
  const nested = rows.flatMap((row) => nestedReferences(sources.registry, model, { row, known }))
  const deeper = await readAll(
    sources,
    nested.filter(({ to, id }) => !known.has(knownKey(to, id))),
  )
  return new Map([...known, ...deeper])
}

/** References in the brief form of the objects that a row refers to. */
function nestedReferences(
  registry: Registry,
  model: Model,
  { row, known }: { row: Row; known: Known },
): Reference[] {
  return referencesOf(model, row).flatMap(({ to, id }) => {
    const target = registry.get(to)
    const found = known.get(knownKey(to, id))
    const { brief } = target
    if (brief === undefined || found === undefined) return []
    return referencesOf(target, found).filter(({ field }) => brief.includes(field))
  })
}

async function readAll(sources: Sources, references: readonly Reference[]): Promise<Map<string, Row>> {
  const wanted = new Map(
    references.filter(({ to }) => sources.registry.has(to)).map((one) => [knownKey(one.to, one.id), one]),
  )
  const known = new Map<string, Row>()
  const byModel = Map.groupBy(wanted.values(), ({ to }) => to)
  await Promise.all(
    [...byModel].map(async ([name, references]) => {
      const target = sources.registry.get(name)
      const found = await sources.table.getMany(
        storedSchema(target),
        references.map(({ id }) => keys.entity(name, id)),
      )
      for (const stored of found) {
        if (stored !== undefined) known.set(knownKey(name, stored.id), publicRow(target, stored))
      }
    }),
  )
  return known
}

/** The same from the catalogs: for lists, where the rows come from them too. */
export function lookUpReferences(
  catalogs: Catalogs,
  registry: Registry,
  model: Model,
  rows: readonly Row[],
): Known {
  const known = new Map<string, Row>()
  const take = ({ to, id }: Reference): void => {
    const found = catalogs.of(registry.get(to)).rows.get(id)
    if (found !== undefined) known.set(knownKey(to, id), found)
  }
  for (const row of rows) {
    for (const reference of referencesOf(model, row)) if (isListed(model, reference)) take(reference)
    for (const reference of nestedReferences(registry, model, { row, known })) take(reference)
  }
  return known
}

/**
 * References to one of several models, and to large ones, are read by key, page by page: an address list shall not load
 * every interface to name a few.
 */
const isByKey = (field: Field | undefined): boolean =>
  field?.kind === 'object' || (field?.kind === 'ref' && field.byKey === true)

const isListed = (model: Model, { field }: Reference): boolean => !isByKey(model.fields[field])

/** What `lookUpReferences` leaves out, for the rows of one page. */
export async function readObjects(sources: Sources, model: Model, rows: readonly Row[]): Promise<Known> {
  const fields = Object.entries(model.fields).filter(([, field]) => isByKey(field))
  if (fields.length === 0) return new Map()
  const names = new Set(fields.map(([name]) => name))
  const direct = rows.flatMap((row) => referencesOf(model, row).filter(({ field }) => names.has(field)))
  const known = await readAll(sources, direct)
  const nested = rows.flatMap((row) => nestedReferences(sources.registry, model, { row, known }))
  return new Map([...known, ...(await readAll(sources, nested))])
}

/** A complaint for each reference of a row that leads nowhere. */
export function missingReferences(registry: Registry, model: Model, row: Row, known: Known): Issue[] {
  return referencesOf(model, row)
    .filter(({ to, id }) => !known.has(knownKey(to, id)))
    .map(({ to, id, field }) => {
      const isObject = model.fields[field]?.kind === 'object'
      if (!registry.has(to) || registry.get(to).referrers === 'none')
        return {
          path: `${field}_type`,
          message: noSuch(
            'type',
            to,
            registry.all.map(({ name }) => name),
          ),
        }
      const label = registry.get(to).label.toLowerCase()
      return {
        path: isObject ? `${field}_id` : field,
        message: `There is no ${label} with the id ${id}.`,
      }
    })
}

/** The models whose catalogs the given fields of a list need: what they refer to, and what those show nested. */
export function targetsOf(registry: Registry, model: Model, isShown: (field: string) => boolean): string[] {
  const direct = referredModels(model, isShown)
  const nested = direct.flatMap((name) => {
    const target = registry.get(name)
    return referredModels(target, (field) => target.brief?.includes(field) === true)
  })
  return [...new Set([...direct, ...nested, ...customTargets(model)])]
}

const referredModels = (model: Model, isWanted: (field: string) => boolean): string[] =>
  Object.entries(model.fields).flatMap(([name, field]) =>
    (field.kind === 'ref' || field.kind === 'refs') && !isByKey(field) && isWanted(name) ? [field.to] : [],
  )
