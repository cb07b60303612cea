import type { Catalogs } from '../catalog/catalog.ts'
import type { Issue } from '../errors.ts'
import type { Model } from './define.ts'
import type { RefInput } from './field-schema.ts'
import { noSuch } from './nearest.ts'
import type { Registry } from './registry.ts'

type Sources = { registry: Registry; catalogs: Catalogs }

/** Replaces attribute objects and digits by ids, in place. @returns what could not be found, per row. */
export async function resolveReferences(
  sources: Sources,
  model: Model,
  rows: readonly Record<string, unknown>[],
): Promise<Issue[][]> {
  const targets = new Set(rows.flatMap((row) => attributeTargets(sources.registry, model, row)))
  await Promise.all([...targets].map((name) => sources.catalogs.of(sources.registry.get(name)).refresh()))
  return rows.map((row) => resolveRow(sources, model, row))
}

/** Models in which attributes are looked up, those of attributes within attributes included. */
function attributeTargets(registry: Registry, model: Model, row: Record<string, unknown>): string[] {
  return Object.entries(model.fields).flatMap(([name, field]) => {
    if (field.kind !== 'ref' && field.kind !== 'refs') return []
    return listOf(row[name]).flatMap((given) =>
      typeof given === 'object' && idOf(given) === undefined
        ? [field.to, ...attributeTargets(registry, registry.get(field.to), given)]
        : [],
    )
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
      const found = findByAttributes(sources, target, given)
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
  sources: Sources,
  target: Model,
  attributes: Record<string, unknown>,
): number | string {
  const names = Object.keys(attributes)
  const unknown = names.find((name) => !isScalarField(target, name))
  if (names.length === 0) return 'An id or an object with attributes is expected.'
  if (unknown !== undefined) return noSuch('attribute', unknown, Object.keys(target.fields))
  const wanted: [string, unknown][] = []
  for (const name of names) {
    const field = target.fields[name]
    const given = attributes[name]
    const isNested = field?.kind === 'ref' && typeof given === 'object' && given !== null
    const inner = isNested ? innerId(sources, sources.registry.get(field.to), given) : given
    if (isNested && typeof inner === 'string') return inner
    wanted.push([name, inner])
  }
  const found: number[] = []
  for (const row of sources.catalogs.of(target).rows.values()) {
    if (wanted.every(([name, value]) => row[name] === value)) found.push(row.id)
    if (found.length > 1) return `More than one ${target.label.toLowerCase()} has these attributes.`
  }
  return found[0] ?? `No ${target.label.toLowerCase()} has these attributes.`
}

const innerId = (sources: Sources, target: Model, given: object): number | string =>
  idOf(given as Record<string, unknown>) ??
  findByAttributes(sources, target, given as Record<string, unknown>)

function isScalarField(model: Model, name: string): boolean {
  const field = model.fields[name]
  if (field === undefined || field.hidden === true) return false
  return !['secret', 'json', 'refs', 'list', 'object'].includes(field.kind)
}
