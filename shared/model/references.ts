import type { Catalogs } from '../catalog/catalog.ts'
import type { Issue } from '../errors.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import type { Model, Row } from './define.ts'
import type { RefInput } from './field-schema.ts'
import { noSuch } from './nearest.ts'
import type { Registry } from './registry.ts'
import { publicRow, storedSchema } from './rows.ts'
import { referencesOf } from './writes.ts'

type Sources = { table: Table; registry: Registry; catalogs: Catalogs }

/** Rows of any model by `<model>#<id>`. */
export type Known = ReadonlyMap<string, Row>
export const knownKey = (model: string, id: number): string => `${model}#${id}`

/** Replaces attribute objects and digits by ids, in place. @returns what could not be found, per row. */
export async function resolveReferences(
  sources: Sources,
  model: Model,
  rows: readonly Record<string, unknown>[],
): Promise<Issue[][]> {
  const targets = new Set(rows.flatMap((row) => attributeTargets(model, row)))
  await Promise.all([...targets].map((name) => sources.catalogs.of(sources.registry.get(name)).refresh()))
  return rows.map((row) => resolveRow(sources, model, row))
}

function attributeTargets(model: Model, row: Record<string, unknown>): string[] {
  return Object.entries(model.fields).flatMap(([name, field]) => {
    if (field.kind !== 'ref' && field.kind !== 'refs') return []
    const needsLookup = listOf(row[name]).some(
      (given) => typeof given === 'object' && idOf(given) === undefined,
    )
    return needsLookup ? [field.to] : []
  })
}

const listOf = (value: unknown): RefInput[] => {
  if (value === null || value === undefined) return []
  return (Array.isArray(value) ? value : [value]) as RefInput[]
}

/** The id, where one is given as such. */
function idOf(given: RefInput): number | undefined {
  if (typeof given === 'number') return given
  if (typeof given === 'string') return Number(given)
  const { id } = given
  if (typeof id === 'number' && Number.isSafeInteger(id) && id > 0) return id
  return typeof id === 'string' && /^\d{1,16}$/.test(id) ? Number(id) : undefined
}

function resolveRow(sources: Sources, model: Model, row: Record<string, unknown>): Issue[] {
  const issues: Issue[] = []
  for (const [name, field] of Object.entries(model.fields)) {
    if ((field.kind !== 'ref' && field.kind !== 'refs') || row[name] === null || row[name] === undefined)
      continue
    const target = sources.registry.get(field.to)
    const ids = listOf(row[name]).map((given) => {
      const id = idOf(given)
      if (id !== undefined || typeof given !== 'object') return id
      const found = findByAttributes(sources.catalogs, target, given)
      if (typeof found === 'number') return found
      issues.push({ path: name, message: found })
      return undefined
    })
    const whole = [...new Set(ids.filter((id) => id !== undefined))]
    row[name] = field.kind === 'ref' ? (whole[0] ?? null) : whole
  }
  return issues
}

/** @returns the id of the one row that has all the attributes, or what is wrong. */
function findByAttributes(
  catalogs: Catalogs,
  target: Model,
  attributes: Record<string, unknown>,
): number | string {
  const names = Object.keys(attributes)
  const unknown = names.find((name) => !isScalarField(target, name))
  if (names.length === 0) return 'An id or an object with attributes is expected.'
  if (unknown !== undefined) return noSuch('attribute', unknown, Object.keys(target.fields))
  const found: number[] = []
  for (const row of catalogs.of(target).rows.values()) {
    if (names.every((name) => row[name] === attributes[name])) found.push(row.id)
    if (found.length > 1) return `More than one ${target.label.toLowerCase()} has these attributes.`
  }
  return found[0] ?? `No ${target.label.toLowerCase()} has these attributes.`
}

function isScalarField(model: Model, name: string): boolean {
  const field = model.fields[name]
  if (field === undefined || field.hidden === true) return false
  return field.kind !== 'secret' && field.kind !== 'json' && field.kind !== 'refs'
}

/** Reads the objects that rows refer to, by key: what was just written is there. */
export async function readReferences(sources: Sources, model: Model, rows: readonly Row[]): Promise<Known> {
  const wanted = new Map(
    rows.flatMap((row) => referencesOf(model, row)).map((one) => [knownKey(one.to, one.id), one]),
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
  for (const row of rows) {
    for (const { to, id } of referencesOf(model, row)) {
      const found = catalogs.of(registry.get(to)).rows.get(id)
      if (found !== undefined) known.set(knownKey(to, id), found)
    }
  }
  return known
}

/** A complaint for each reference of a row that leads nowhere. */
export function missingReferences(registry: Registry, model: Model, row: Row, known: Known): Issue[] {
  return referencesOf(model, row)
    .filter(({ to, id }) => !known.has(knownKey(to, id)))
    .map(({ to, id, field }) => ({
      path: field,
      message: `There is no ${registry.get(to).label.toLowerCase()} with the id ${id}.`,
    }))
}

/** The models that a model refers to. */
export const targetsOf = (model: Model): string[] => [
  ...new Set(
    Object.values(model.fields).flatMap((field) =>
      field.kind === 'ref' || field.kind === 'refs' ? [field.to] : [],
    ),
  ),
]
