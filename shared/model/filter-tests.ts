import { countWith, slotsWith, type Column, type View } from '../catalog/view.ts'
import type { Row } from './define.ts'
import type { Parsed } from './filter-values.ts'
import { macPartTest, testOf, type FilterKind, type Lookup } from './lookups.ts'

/** What a name in a query means: a value of each row, and how texts are read as such values. */
export type Filter = {
  name: string
  kind: FilterKind
  /** The value that is compared, by its name in the indexes of the model's view. */
  column: Column
  /** What parts are looked for in, where it is another text than the exact value. */
  partOf?: Column['read']
  parse: (text: string) => Parsed
  /** Models whose rows must be at hand to parse a value or to compare it. */
  needs: readonly string[]
  /** Replaces the comparison of the column. */
  compile?: (lookup: Lookup, groups: Groups) => Test
  /** False where there is only the bare name. */
  hasLookups?: boolean
  /** Without a lookup a part of the text is enough. */
  isLoose?: boolean
  /** The model of the objects that a reference leads to. */
  to?: string
  /** The field whose choices label the values. */
  choices?: Readonly<Record<string, string>>
  /** What OpenAPI says of a value, where the kind does not tell. */
  type?: 'string' | 'integer' | 'boolean'
}

/** The values of a parameter: per text as it was given, the alternatives it stands for. */
export type Groups = readonly (readonly unknown[])[]
/** The slot is the row's place in the view of its model. */
export type Predicate = (row: Row, slot: number) => boolean
/** A test of rows. Where it has a source, only rows with one of its values can meet it. */
export type Test = { holds: Predicate; source?: Source }
type Source = { column: Column; values: readonly unknown[] }

const exactLookups: ReadonlySet<Lookup> = new Set(['exact', 'n', 'any', 'empty'])

export function compileFilter(filter: Filter, lookup: Lookup, groups: Groups): Test {
  if (filter.compile !== undefined) return filter.compile(lookup, groups)
  const { column, kind } = filter
  const values = groups.flat()
  if (kind === 'set' && lookup === 'exact') return everyOf(column, groups)
  if (exactLookups.has(lookup)) {
    const test = testOf(lookup, values)
    return withSource({ holds: (row) => test(column.read(row)) }, lookup, { column, values })
  }
  const read = filter.partOf ?? column.read
  const test = kind === 'mac' ? macPartTest(lookup, values) : testOf(lookup, values)
  return { holds: (row) => test(read(row)) }
}

/** Each of the given must be there. */
function everyOf(column: Column, groups: Groups): Test {
  const tests = groups.map((group) => testOf('exact', group))
  const holds: Predicate = (row) => {
    const value = column.read(row)
    return tests.every((test) => test(value))
  }
  return withSource({ holds }, 'exact', { column, values: groups[0] ?? [] })
}

/** Nothing (null) is not in an index of lists, and what is not there cannot be looked up. */
const withSource = (test: Test, lookup: Lookup, source: Source): Test =>
  (lookup === 'exact' || lookup === 'any') && !source.values.includes(null) ? { ...test, source } : test

/** How many rows a source offers at most. */
const offered = (view: View, { column, values }: Source): number =>
  values.reduce<number>((sum, value) => sum + countWith(view, column, value), 0)

/** The slots of the rows that meet all tests, in no order. */
export function findSlots(view: View, tests: readonly Test[]): number[] {
  const found: number[] = []
  for (const slot of candidates(view, tests)) {
    const row = view.slots[slot]
    if (row !== undefined && tests.every(({ holds }) => holds(row, slot))) found.push(slot)
  }
  return found
}

/** The slots among which all that meet the tests are: by the test that leaves the fewest. */
function candidates(view: View, tests: readonly Test[]): Iterable<number> {
  const best = bestSource(view, tests)
  if (best === undefined) return view.slotOf.values()
  const { column, values } = best
  const slots = new Set<number>()
  for (const value of values) for (const slot of slotsWith(view, column, value)) slots.add(slot)
  return slots
}

/** The source with the fewest rows; undefined where looking through everything is as good. */
function bestSource(view: View, tests: readonly Test[]): Source | undefined {
  let least = view.slotOf.size / 4
  let best: Source | undefined
  for (const { source } of tests) {
    const count = source === undefined ? Infinity : offered(view, source)
    if (count <= least) [least, best] = [count, source]
  }
  return best
}
