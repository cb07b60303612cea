import type { Catalogs } from '../catalog/catalog.ts'
import type { Issue } from '../errors.ts'
import type { Model, Row } from './define.ts'
import { filtersOf, readName } from './filters.ts'
import { noSuch } from './nearest.ts'
import { rejectQuery, type Query } from './query.ts'
import type { Registry } from './registry.ts'

type Sources = { registry: Registry; catalogs: Catalogs }

/** Parameters that name saved filters, by slug and by id. */
const savedFilterParameters = ['filter', 'filter_id'] as const

/**
 * What the saved filters ask that a query names, each as a query of its own: a row must meet all of them, and
 * whatever else the query asks. A parameter beside a saved filter narrows it, and never takes its place.
 * @throws AppError `validation_failed` for one that does not exist, is switched off, is for other models, or names a
 * filter that is gone.
 */
export async function readSavedFilters(sources: Sources, model: Model, query: Query): Promise<Query[]> {
  const asked = savedFilterParameters.flatMap((name) =>
    (query.get(name) ?? []).map((text) => ({ name, text })),
  )
  if (asked.length === 0) return []
  const catalog = sources.catalogs.of(sources.registry.get('extras.savedfilter'))
  await catalog.refresh()
  const rows = [...catalog.rows.values()].filter((row) => isFor(row, model))
  const issues: Issue[] = []
  const queries: Query[] = []
  for (const { name, text } of asked) {
    const row = rows.find((one) => (name === 'filter' ? one['slug'] === text : String(one.id) === text))
    const problem = problemOf(sources, model, row, { text, rows })
    if (problem !== undefined) issues.push({ path: name, message: problem })
    else if (row !== undefined) queries.push(parametersOf(row))
  }
  rejectQuery([], issues)
  return queries
}

const isFor = (row: Row, { name }: Model): boolean =>
  (row['object_types'] as readonly string[]).includes(name)

function problemOf(
  sources: Sources,
  model: Model,
  row: Row | undefined,
  { text, rows }: { text: string; rows: readonly Row[] },
): string | undefined {
  if (row === undefined) {
    const slugs = rows.map((one) => String(one['slug']))
    return noSuch(`saved filter for ${model.labelPlural.toLowerCase()}`, text, slugs)
  }
  const saved = `The saved filter "${String(row['slug'])}"`
  if (row['enabled'] !== true) return `${saved} is switched off.`
  const [first] = savedNameIssues(sources, model, parametersOf(row))
  return first === undefined ? undefined : `${saved} does not hold any more: ${first.message}`
}

/** A complaint for each saved parameter that is no filter of the model. */
export function savedNameIssues(sources: Sources, model: Model, parameters: Query): Issue[] {
  const filters = filtersOf(model, sources)
  return [...parameters.keys()].flatMap((name) => {
    const read = name === 'q' ? undefined : readName(name, filters, ['q'])
    return read !== undefined && 'message' in read ? [read] : []
  })
}

/** Saved parameters as a URL would bring them. */
export function parametersOf(row: Row): Query {
  const parameters = Object.entries(row['parameters'] as Readonly<Record<string, unknown>>)
  return new Map(
    parameters.map(([name, given]) => [name, (Array.isArray(given) ? given : [given]).map(String)]),
  )
}
