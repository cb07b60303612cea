import type { Catalogs } from '../catalog/catalog.ts'
import { hasOrder, orderOf, sortSlots } from '../catalog/order.ts'
import { columnOf, viewOf, type SortColumn, type View } from '../catalog/view.ts'
import { AppError, type Issue } from '../errors.ts'
import type { Table } from '../table/table.ts'
import { narrowToParent } from './by-parent.ts'
import { countColumns } from './counts.ts'
import { pageOfOrder, readPlace } from './cursor.ts'
import type { Model, Row } from './define.ts'
import { countFacets, facetNeeds, readFacets, type Facets } from './facets.ts'
import { findSlots, type Test } from './filter-tests.ts'
import { filtersOf, readName, testOfParameter, type Asked } from './filters.ts'
import { orderingNeeds, orderName, readOrdering, sortColumns, type SortKey } from './ordering.ts'
import { isSelected, type Selection } from './output.ts'
import { pastCatalogs, readAt } from './past.ts'
import { readPage, readSelection, rejectQuery, type Page, type Query } from './query.ts'
import { targetsOf } from './references.ts'
import type { Registry } from './registry.ts'
import { readSavedFilters } from './saved-filters.ts'
import { searchColumn, wordsOf } from './search-text.ts'

export type Sources = { registry: Registry; catalogs: Catalogs; table: Table; now: () => Date }

/** Parameters of every list beside the filters. `format` is what browsers of the API send. */
export const listParameters = [
  'limit',
  'offset',
  'after',
  'ordering',
  'q',
  'brief',
  'fields',
  'omit',
  'filter',
  'filter_id',
  'exclude',
  'facets',
  'at',
  'format',
  'export',
] as const

export type Listed = {
  rows: Row[]
  count: number
  page: Page
  /** Where the page ends; undefined on the last one. */
  after: string | undefined
  selection: Selection
  /** Where the rows came from: what they refer to is found there too. */
  sources: Sources
  facets?: Facets
  facets_truncated?: string[]
}

/**
 * A page of rows, from memory.
 * @param isWhole all rows, unless the query itself says how many.
 * @throws AppError `unknown_parameter` naming the nearest valid names; `validation_failed` for a value.
 */
export async function listRows(given: Sources, model: Model, query: Query, isWhole = false): Promise<Listed> {
  const sources = await narrowToParent(sourcesAt(given, query), model, query, listParameters)
  const request = readListRequest(sources, model, query, await readSavedFilters(given, model, query))
  const { page, selection, facets } = request
  await refreshFor(sources, model, request, [
    ...orderingNeeds(sources, model, request.keys),
    ...facetNeeds(facets),
    ...shownNeeds(sources, model, selection),
  ])
  // From here on nothing is waited for: the catalogs stand still.
  const tests = readTests(sources, model, request)
  const view = viewOf(sources.catalogs.of(model))
  const columns = sortColumns(sources, model, request.keys)
  const { count, slots } = orderedSlots({ view, tests, keys: request.keys, columns })
  const limit = isWhole && !query.has('limit') ? count : page.limit
  const place = readPlace(query.get('after'), columns.length)
  const { shown, start, after } = pageOfOrder({ view, slots, columns }, { place, offset: page.offset, limit })
  const counted = facets.length === 0 ? undefined : countFacets(sources, facets, { view, slots })
  return {
    rows: Array.from(shown, (slot) => view.slots[slot]).filter((row) => row !== undefined),
    count,
    page: { limit: page.limit, offset: start },
    after,
    selection,
    sources,
    ...(counted === undefined ? {} : { facets: counted.facets }),
    ...(counted === undefined || counted.truncated.length === 0
      ? {}
      : { facets_truncated: counted.truncated }),
  }
}

/** Parameters beside the filters that say which rows are meant, or nothing of them. */
const narrowing: ReadonlySet<string> = new Set(['q', 'filter', 'filter_id', 'format'])

/**
 * Every row that the filters of a query match, for a change of them all.
 * @param query filters and `q` only: a page or an order of what is changed means nothing.
 * @throws AppError as `listRows`; `validation_failed` where there is no filter at all.
 */
export async function matchRows(sources: Sources, model: Model, query: Query): Promise<Row[]> {
  const request = readListRequest(sources, model, query, await readSavedFilters(sources, model, query))
  const meaningless = listParameters.filter((name) => !narrowing.has(name) && query.has(name))
  const issues = meaningless.map((name) => ({ path: name, message: `"${name}" is for lists that are read.` }))
  rejectQuery([], issues)
  await refreshFor(sources, model, request, [])
  const tests = readTests(sources, model, request)
  if (tests.length === 0) {
    throw new AppError('validation_failed', 'At least one filter is needed to say which objects are meant.')
  }
  const view = viewOf(sources.catalogs.of(model))
  return findSlots(view, tests).flatMap((slot) => view.slots[slot] ?? [])
}

/** The present, or with `at` the past. */
export function sourcesAt(sources: Sources, query: Query): Sources {
  const at = readAt(query.get('at') ?? [], sources.now())
  return at === undefined ? sources : { ...sources, catalogs: pastCatalogs(sources, at) }
}

/** The models that the shown fields refer to or count; references within nested objects included. */
export function shownNeeds(sources: Sources, model: Model, selection: Selection): string[] {
  const references = targetsOf(sources.registry, model, (name) => isSelected(model, selection, name))
  const counts = countColumns(model, sources).flatMap(({ column, needs }) =>
    isSelected(model, selection, column.name) ? needs : [],
  )
  return [...references, ...counts]
}

export async function refreshAll({ registry, catalogs }: Sources, names: Iterable<string>): Promise<void> {
  await Promise.all([...new Set(names)].map((name) => catalogs.of(registry.get(name)).refresh()))
}

type ListRequest = {
  asked: Asked[]
  words: string[]
  keys: SortKey[]
  page: Page
  selection: Selection
  facets: ReturnType<typeof readFacets>['facets']
  issues: Issue[]
}

/** Reads the names and all that needs no rows. @throws AppError for a name that does not exist. */
function readListRequest(sources: Sources, model: Model, query: Query, saved: readonly Query[]): ListRequest {
  const filters = filtersOf(model, sources)
  const unknown: Issue[] = []
  const asked: Asked[] = []
  for (const [name, texts] of [query, ...saved].flatMap((one) => [...one])) {
    if ((listParameters as readonly string[]).includes(name)) continue
    const read = readName(name, filters, listParameters)
    if ('filter' in read) asked.push({ ...read, texts, name })
    else unknown.push(read)
  }
  const ordering = readOrdering(model, query.get('ordering') ?? [])
  const { page, issues: pageIssues } = readPage(query)
  const { selection, issues: selectionIssues } = readSelection(model, query)
  const { facets, issues: facetIssues } = readFacets(query.get('facets') ?? [], filters)
  const issues = [...ordering.issues, ...pageIssues, ...selectionIssues, ...facetIssues]
  if (unknown.length > 0) rejectQuery(unknown, issues)
  return {
    asked,
    words: wordsOf([query, ...saved].flatMap((one) => one.get('q') ?? [])),
    keys: ordering.keys,
    page,
    selection,
    facets,
    issues,
  }
}

/** Brings what the request looks into up to date. */
const refreshFor = (
  sources: Sources,
  model: Model,
  { asked }: ListRequest,
  needs: readonly string[],
): Promise<void> =>
  refreshAll(sources, [model.name, ...asked.flatMap(({ filter }) => filter.needs), ...needs])

/** Reads the values of the filters, among rows that are at hand. */
function readTests(sources: Sources, model: Model, { asked, words, issues }: ListRequest): Test[] {
  const tests: Test[] = []
  const problems = [...issues]
  for (const one of asked) {
    const test = testOfParameter(one)
    if ('holds' in test) tests.push(test)
    else problems.push(test)
  }
  rejectQuery([], problems)
  if (words.length > 0) {
    // Every word must be found somewhere in what the model searches.
    const texts = columnOf(viewOf(sources.catalogs.of(model)), searchColumn(model))
    tests.push({ holds: (_, slot) => words.every((word) => texts[slot]?.includes(word) === true) })
  }
  return tests
}

type Wanted = {
  view: View
  tests: readonly Test[]
  keys: readonly SortKey[]
  columns: readonly SortColumn[]
}

/** The slots that meet the tests, in order. */
function orderedSlots({ view, tests, keys, columns }: Wanted): { count: number; slots: Int32Array } {
  const name = orderName(keys)
  if (tests.length === 0) {
    const slots = orderOf(view, name, columns)
    return { count: slots.length, slots }
  }
  // The rows are tried as they lie in memory, which is several times faster than in their order.
  const found = findSlots(view, tests)
  const isFew = found.length <= view.slotOf.size / (hasOrder(view, name, columns) ? 64 : 8)
  const slots = isFew ? sortSlots(view, found, columns) : pick(view, orderOf(view, name, columns), found)
  return { count: slots.length, slots }
}

/** The found ones in the order of all. */
function pick(view: View, order: Int32Array, found: readonly number[]): Int32Array {
  const isFound = new Uint8Array(view.slots.length)
  for (const slot of found) isFound[slot] = 1
  const picked = new Int32Array(found.length)
  let count = 0
  for (const slot of order) {
    if (isFound[slot] !== 1) continue
    picked[count] = slot
    count += 1
  }
  return picked
}
