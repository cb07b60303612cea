import type { Catalogs } from '../catalog/catalog.ts'
import { AppError, type Issue } from '../errors.ts'
import type { Model, Row } from './define.ts'
import { filtersOf, predicateOf, type Predicate } from './filters.ts'
import { noSuch } from './nearest.ts'
import { orderingTargets, readOrdering, sortRows, type SortKey } from './ordering.ts'
import { shownNames, type Selection } from './output.ts'
import { targetsOf } from './references.ts'
import type { Registry } from './registry.ts'
import { displayOf } from './rows.ts'

/** Rows of one page. `limit=0` and anything above the most ask for the most. */
const pageDefault = 50
export const pageMax = 1000
/** Longer words find nothing. */
const wordsMax = 200

/** Query parameters as they came, each with all its values. */
export type Query = ReadonlyMap<string, readonly string[]>

export type Page = { limit: number; offset: number }
type ListRequest = { predicates: Predicate[]; keys: SortKey[]; page: Page; selection: Selection }
export type Sources = { registry: Registry; catalogs: Catalogs }

/** Parameters of every list beside the filters. `format` is what browsers of the API send. */
export const listParameters = [
  'limit',
  'offset',
  'ordering',
  'q',
  'brief',
  'fields',
  'omit',
  'format',
] as const

/**
 * A page of rows, from memory.
 * @throws AppError `unknown_parameter` naming the nearest valid names; `validation_failed` for a value.
 */
export async function listRows(
  sources: Sources,
  model: Model,
  query: Query,
): Promise<{ rows: Row[]; count: number; page: Page; selection: Selection }> {
  await refreshFor(sources, model)
  const request = readListRequest(sources, model, query)
  const found = filterRows(sortedRows(sources, model, request.keys), request.predicates)
  const { limit, offset } = request.page
  return {
    rows: found.slice(offset, offset + limit),
    count: found.length,
    page: request.page,
    selection: request.selection,
  }
}

/**
 * Every row that the filters of a query match, for a change of them all.
 * @param query filters and `q` only: a page or an order of what is changed means nothing.
 * @throws AppError as `listRows`; `validation_failed` where there is no filter at all.
 */
export async function matchRows(sources: Sources, model: Model, query: Query): Promise<readonly Row[]> {
  await refreshFor(sources, model)
  const { predicates } = readListRequest(sources, model, query)
  const meaningless = listParameters.filter((name) => name !== 'q' && name !== 'format' && query.has(name))
  const issues = meaningless.map((name) => ({ path: name, message: `"${name}" is for lists that are read.` }))
  rejectQuery([], issues)
  if (predicates.length === 0) {
    throw new AppError('validation_failed', 'At least one filter is needed to say which objects are meant.')
  }
  return filterRows([...sources.catalogs.of(model).rows.values()], predicates)
}

/** The model itself and all it refers to: their names are shown, filtered and ordered by. */
const refreshFor = async ({ registry, catalogs }: Sources, model: Model): Promise<void> => {
  const models = new Set([model.name, ...targetsOf(registry, model)])
  await Promise.all([...models].map((name) => catalogs.of(registry.get(name)).refresh()))
}

function readListRequest(sources: Sources, model: Model, query: Query): ListRequest {
  const filters = filtersOf(model, sources)
  const unknown: Issue[] = []
  const issues: Issue[] = []
  const predicates: Predicate[] = []
  for (const [name, texts] of query) {
    if ((listParameters as readonly string[]).includes(name)) continue
    const read = predicateOf(name, texts, filters, listParameters)
    if ('predicate' in read) predicates.push(read.predicate)
    else (read.isUnknown ? unknown : issues).push(read.issue)
  }
  const ordering = readOrdering(model, query.get('ordering') ?? [])
  const page = readPage(query)
  const selection = readSelection(model, query)
  issues.push(...ordering.issues, ...page.issues, ...selection.issues)
  rejectQuery(unknown, issues)
  predicates.push(...wordPredicates(model, query.get('q') ?? []))
  return { predicates, keys: ordering.keys, page: page.page, selection: selection.selection }
}

/** @throws AppError the first complaint in words, all of them by name. */
export function rejectQuery(unknown: readonly Issue[], issues: readonly Issue[]): void {
  const [first] = unknown
  if (first !== undefined)
    throw new AppError('unknown_parameter', first.message, { issues: [...unknown, ...issues] })
  if (issues.length > 0) throw new AppError('validation_failed', issues[0]?.message, { issues })
}

export function readPage(query: Query): { page: Page; issues: Issue[] } {
  const limit = readCount(query, 'limit', pageDefault)
  const offset = readCount(query, 'offset', 0)
  const issues = [...limit.issues, ...offset.issues]
  return {
    page: { limit: limit.value === 0 ? pageMax : Math.min(limit.value, pageMax), offset: offset.value },
    issues,
  }
}

function readCount(query: Query, name: string, otherwise: number): { value: number; issues: Issue[] } {
  const texts = query.get(name)
  if (texts === undefined) return { value: otherwise, issues: [] }
  const [text = ''] = texts
  const isCount = texts.length === 1 && /^\d{1,15}$/.test(text)
  return isCount
    ? { value: Number(text), issues: [] }
    : { value: otherwise, issues: [{ path: name, message: 'A whole number from 0 is expected, once.' }] }
}

/** `brief`, `fields` and `omit`: what is shown of each object. */
export function readSelection(model: Model, query: Query): { selection: Selection; issues: Issue[] } {
  const names = shownNames(model)
  const issues: Issue[] = []
  const listed = (parameter: string): Set<string> | undefined => {
    const given = query
      .get(parameter)
      ?.flatMap((text) => text.split(','))
      .filter((name) => name !== '')
    const unknown = given?.filter((name) => !names.includes(name)) ?? []
    issues.push(...unknown.map((name) => ({ path: parameter, message: noSuch('field', name, names) })))
    return given === undefined || given.length === 0 ? undefined : new Set(given)
  }
  const fields = listed('fields')
  const omit = listed('omit')
  const brief = query.get('brief')?.at(-1)
  if (brief !== undefined && !/^(?:true|false|1|0)?$/i.test(brief)) {
    issues.push({ path: 'brief', message: 'true or false is expected.' })
  }
  const isBrief = brief !== undefined && /^(?:true|1)$/i.test(brief)
  const selection = {
    brief: isBrief,
    ...(fields === undefined ? {} : { fields }),
    ...(omit === undefined ? {} : { omit }),
  }
  return { selection, issues }
}

/** Every word must be found somewhere in the fields that the model searches. */
function wordPredicates(model: Model, texts: readonly string[]): Predicate[] {
  const words = texts
    .flatMap((text) => text.slice(0, wordsMax).toLowerCase().split(/\s+/))
    .filter((word) => word !== '')
  return words.map((word) => (row) => model.search.some((name) => includes(row[name], word)))
}

const includes = (value: unknown, word: string): boolean =>
  typeof value === 'string' && value.toLowerCase().includes(word)

function filterRows(rows: readonly Row[], predicates: readonly Predicate[]): readonly Row[] {
  if (predicates.length === 0) return rows
  return rows.filter((row) => predicates.every((holds) => holds(row)))
}

type Sorted = { generations: string; rows: Row[] }
const sortedByCatalog = new WeakMap<object, Map<string, Sorted>>()
/** Orders kept per model, so that paging through a list sorts once. */
const sortedMax = 4

/** The rows in order; kept until one of the catalogs it depends on changes. */
function sortedRows({ registry, catalogs }: Sources, model: Model, keys: readonly SortKey[]): readonly Row[] {
  const catalog = catalogs.of(model)
  const kept = sortedByCatalog.get(catalog) ?? new Map<string, Sorted>()
  sortedByCatalog.set(catalog, kept)
  const name = keys.map((key) => `${key.descending ? '-' : ''}${key.name}`).join()
  const dependencies = [
    catalog,
    ...orderingTargets(model, keys).map((target) => catalogs.of(registry.get(target))),
  ]
  const generations = dependencies.map((one) => one.generation()).join()
  const known = kept.get(name)
  if (known?.generations === generations) return known.rows
  const rows = sortRows(model, catalog.rows.values(), keys, (target, id) => {
    const row = catalogs.of(registry.get(target)).rows.get(id)
    return row === undefined ? '' : displayOf(registry.get(target), row)
  })
  kept.delete(name)
  kept.set(name, { generations, rows })
  const [oldest] = kept.keys()
  if (kept.size > sortedMax && oldest !== undefined) kept.delete(oldest)
  return rows
}
