import * as z from 'zod'
import type { Issue } from '../errors.ts'
import type { Filter, Predicate } from '../model/filter-tests.ts'
import { lookupsOfFilter, testOfParameter } from '../model/filters.ts'
import type { Lookup } from '../model/lookups.ts'
import { noSuch } from '../model/nearest.ts'

/** How a criterion compares, and which lookup of a filter that is. Texts compare without regard to case but by `equals` and `regex`. */
const operators = {
  equals: 'exact',
  not_equals: 'n',
  in: 'exact',
  not_in: 'n',
  contains: 'ic',
  not_contains: 'nic',
  startswith: 'isw',
  endswith: 'iew',
  iequals: 'ie',
  regex: 'regex',
  lt: 'lt',
  lte: 'lte',
  gt: 'gt',
  gte: 'gte',
  empty: 'empty',
} as const satisfies Record<string, Lookup>
type Operator = keyof typeof operators

const depthMax = 5
const criteriaMax = 50
const valuesMax = 200

const Value = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()])
type Criterion = {
  field: string
  operator: string
  value?: z.infer<typeof Value> | z.infer<typeof Value>[] | undefined
}
type Tree = Criterion | { and: Tree[] } | { or: Tree[] } | { not: Tree }

const Criterion = z.strictObject({
  field: z.string().min(1).max(100),
  operator: z.string().min(1).max(100),
  value: z.union([Value, z.array(Value).min(1).max(valuesMax)]).optional(),
})
const Branch = z.lazy(() => z.array(Tree).min(1, 'At least one criterion is expected.'))

/** A branch is told by its one word, so that what is wrong is told of that branch and not of all it might have been. */
const Tree: z.ZodType<Tree> = z.unknown().transform((given, context): Tree => {
  const word =
    given !== null && typeof given === 'object' ? ['and', 'or', 'not'].find((one) => one in given) : undefined
  const schema = word === undefined ? Criterion : branches[word as keyof typeof branches]
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  for (const { path, message } of parsed.error.issues)
    context.issues.push({ code: 'custom', path, message, input: given })
  return z.NEVER
})

const branches = {
  and: z.lazy(() => z.strictObject({ and: Branch })),
  or: z.lazy(() => z.strictObject({ or: Branch })),
  not: z.lazy(() => z.strictObject({ not: Tree })),
}

/** An AND/OR tree of criteria over the filters of a model. */
export const Criteria = Tree.refine(
  (tree) => depthOf(tree) <= depthMax,
  `At most ${depthMax} levels.`,
).refine((tree) => countOf(tree) <= criteriaMax, `At most ${criteriaMax} criteria.`)

const childrenOf = (tree: Tree): Tree[] => {
  if ('and' in tree) return tree.and
  if ('or' in tree) return tree.or
  return 'not' in tree ? [tree.not] : []
}
const depthOf = (tree: Tree): number => 1 + Math.max(0, ...childrenOf(tree).map(depthOf))
const countOf = (tree: Tree): number =>
  'field' in tree ? 1 : childrenOf(tree).reduce((sum, child) => sum + countOf(child), 0)

/** Criteria as they were read. What they name must be at hand (`needs`: models) before they are compiled. */
export type ReadCriteria = {
  issues: readonly Issue[]
  needs: readonly string[]
  compile: () => { predicate: Predicate; issues: readonly Issue[] }
}

/** Reads criteria among the filters of a model. Issues tell where: `criteria.and.0.operator`. */
export function readCriteria(
  tree: z.infer<typeof Criteria>,
  filters: ReadonlyMap<string, Filter>,
  path = 'criteria',
): ReadCriteria {
  if ('field' in tree) return readCriterion(tree, filters, path)
  if ('not' in tree) {
    const { compile, ...inner } = readCriteria(tree.not, filters, `${path}.not`)
    const negate = ({ predicate, issues }: ReturnType<typeof compile>) => ({
      predicate: (...given: Parameters<Predicate>) => !predicate(...given),
      issues,
    })
    return { ...inner, compile: () => negate(compile()) }
  }
  const isAnd = 'and' in tree
  const word = isAnd ? 'and' : 'or'
  const children = isAnd ? tree.and : tree.or
  const read = children.map((child, index) => readCriteria(child, filters, `${path}.${word}.${index}`))
  return {
    issues: read.flatMap(({ issues }) => issues),
    needs: read.flatMap(({ needs }) => needs),
    compile: () => joined(read, isAnd),
  }
}

function joined(read: readonly ReadCriteria[], isAnd: boolean): ReturnType<ReadCriteria['compile']> {
  const compiled = read.map(({ compile }) => compile())
  const predicates = compiled.map(({ predicate }) => predicate)
  const predicate: Predicate = isAnd
    ? (...given) => predicates.every((holds) => holds(...given))
    : (...given) => predicates.some((holds) => holds(...given))
  return { predicate, issues: compiled.flatMap(({ issues }) => issues) }
}

const never: Predicate = () => false

function readCriterion(
  { field, operator, value }: Criterion,
  filters: ReadonlyMap<string, Filter>,
  path: string,
): ReadCriteria {
  const refuse = (member: string, message: string): ReadCriteria => {
    const issues = [{ path: `${path}.${member}`, message }]
    return { issues, needs: [], compile: () => ({ predicate: never, issues }) }
  }
  const filter = filters.get(field)
  if (filter === undefined) return refuse('field', noSuch('field to filter by', field, filters.keys()))
  if (!isOperator(operator)) return refuse('operator', noSuch('operator', operator, Object.keys(operators)))
  const offered: readonly Lookup[] = ['exact', ...lookupsOfFilter(filter)]
  const lookup = lookupOf(operator, filter)
  if (!offered.includes(lookup)) {
    const names = Object.keys(operators).filter((name) => offered.includes(operators[name as Operator]))
    return refuse('operator', `"${field}" cannot be compared by ${operator}; there is ${names.join(', ')}.`)
  }
  const texts = textsOf(operator, value)
  if (texts === undefined) return refuse('value', `The operator ${operator} needs a value.`)
  if (texts.length > 1 && !operator.endsWith('in'))
    return refuse('value', `The operator ${operator} takes one value; "in" takes several.`)
  return {
    issues: [],
    needs: filter.needs,
    compile: () => {
      const test = testOfParameter({ filter, lookup, texts, name: `${path}.value` })
      return 'message' in test ? { predicate: never, issues: [test] } : { predicate: test.holds, issues: [] }
    },
  }
}

const isOperator = (name: string): name is Operator => Object.hasOwn(operators, name)

/** Several tags in a query must all be there; `in` asks for any of them. */
const lookupOf = (operator: Operator, { kind }: Filter): Lookup =>
  operator === 'in' && kind === 'set' ? 'any' : operators[operator]

function textsOf(operator: Operator, value: Criterion['value']): string[] | undefined {
  // `empty` alone asks for rows without a value.
  if (operator === 'empty' && value === undefined) return ['true']
  if (value === undefined) return undefined
  return (Array.isArray(value) ? value : [value]).map(String)
}
