import { BlockList, isIP } from 'node:net'
import * as z from 'zod'

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const Text = z.union([z.string(), z.strictObject({ 'equals-ignore-case': z.string() })])
const oneOrMore = <Schema extends z.ZodType>(schema: Schema): z.ZodUnion<[Schema, z.ZodArray<Schema>]> =>
  z.union([schema, z.array(schema).min(1)])

const Condition = z.union([
  Scalar,
  z.strictObject({ prefix: Text }),
  z.strictObject({ suffix: Text }),
  z.strictObject({ exists: z.boolean() }),
  z.strictObject({ 'equals-ignore-case': z.string() }),
  z.strictObject({ wildcard: z.string() }),
  z.strictObject({ cidr: z.string().regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/) }),
  z.strictObject({
    numeric: z
      .array(z.union([z.enum(['=', '<', '<=', '>', '>=']), z.number()]))
      .min(2)
      .max(4),
  }),
  z.strictObject({
    'anything-but': z.union([
      oneOrMore(z.union([z.string(), z.number()])),
      z.strictObject({ prefix: oneOrMore(z.string()) }),
      z.strictObject({ suffix: oneOrMore(z.string()) }),
      z.strictObject({ wildcard: oneOrMore(z.string()) }),
      z.strictObject({ 'equals-ignore-case': oneOrMore(z.string()) }),
    ]),
  }),
])
export type Condition = z.infer<typeof Condition>

export function readCondition(member: string, condition: unknown): Condition {
  const parsed = Condition.safeParse(condition)
  if (!parsed.success)
    throw new Error(`The condition ${JSON.stringify(condition)} of ${member} is not known.`)
  return parsed.data
}

/** @param value what the event holds; a list matches when one of its members does. */
export function matchesCondition(condition: Condition, value: unknown): boolean {
  if (typeof condition === 'object' && condition !== null && 'exists' in condition) {
    const isLeaf =
      value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))
    return condition.exists === isLeaf
  }
  if (Array.isArray(value)) return value.some((member) => matchesValue(condition, member))
  return value !== undefined && matchesValue(condition, value)
}

function matchesValue(condition: Condition, value: unknown): boolean {
  if (typeof condition !== 'object' || condition === null) return condition === value
  if ('numeric' in condition) return typeof value === 'number' && isInRange(condition.numeric, value)
  if ('anything-but' in condition) return matchesAnythingBut(condition['anything-but'], value)
  if (typeof value !== 'string') return false
  if ('prefix' in condition) return startsWith(condition.prefix, value)
  if ('suffix' in condition) return endsWith(condition.suffix, value)
  if ('equals-ignore-case' in condition) return sameLetters(condition['equals-ignore-case'], value)
  if ('wildcard' in condition) return matchesWildcard(condition.wildcard, value)
  if ('cidr' in condition) return isInNetwork(condition.cidr, value)
  return false
}

type Text = z.infer<typeof Text>
const sameLetters = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

function startsWith(prefix: Text, value: string): boolean {
  return typeof prefix === 'string'
    ? value.startsWith(prefix)
    : value.toLowerCase().startsWith(prefix['equals-ignore-case'].toLowerCase())
}

function endsWith(suffix: Text, value: string): boolean {
  return typeof suffix === 'string'
    ? value.endsWith(suffix)
    : value.toLowerCase().endsWith(suffix['equals-ignore-case'].toLowerCase())
}

type AnythingBut = Extract<Condition, { 'anything-but': unknown }>['anything-but']

function matchesAnythingBut(but: AnythingBut, value: unknown): boolean {
  if (typeof but !== 'object' || Array.isArray(but)) return !listOf(but).some((refused) => refused === value)
  if (typeof value !== 'string') return true
  if ('prefix' in but) return !listOf(but.prefix).some((prefix) => value.startsWith(prefix))
  if ('suffix' in but) return !listOf(but.suffix).some((suffix) => value.endsWith(suffix))
  if ('wildcard' in but) return !listOf(but.wildcard).some((wildcard) => matchesWildcard(wildcard, value))
  return !listOf(but['equals-ignore-case']).some((refused) => sameLetters(refused, value))
}

const listOf = <Member>(value: Member | Member[]): Member[] => (Array.isArray(value) ? value : [value])

function isInRange(range: readonly (string | number)[], value: number): boolean {
  for (let at = 0; at + 1 < range.length; at += 2) {
    const bound = Number(range[at + 1])
    const holds = {
      '=': value === bound,
      '<': value < bound,
      '<=': value <= bound,
      '>': value > bound,
      '>=': value >= bound,
    }[String(range[at])]
    if (holds !== true) return false
  }
  return true
}

/** `*` stands for any text; `\*` for the star itself. Compared piece by piece, so it takes linear time. */
function matchesWildcard(wildcard: string, value: string): boolean {
  const pieces = ['']
  for (let at = 0; at < wildcard.length; at++) {
    const char = wildcard[at] ?? ''
    if (char === '*') pieces.push('')
    else pieces[pieces.length - 1] += char === '\\' ? (wildcard[++at] ?? '') : char
  }
  const first = pieces[0] ?? ''
  const last = pieces.at(-1) ?? ''
  if (pieces.length === 1) return value === first
  if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length)
    return false
  let from = first.length
  const end = value.length - last.length
  for (const piece of pieces.slice(1, -1)) {
    const found = value.indexOf(piece, from)
    if (found < 0 || found + piece.length > end) return false
    from = found + piece.length
  }
  return true
}

function isInNetwork(cidr: string, value: string): boolean {
  const family = isIP(value)
  const [network = '', bits] = cidr.split('/')
  if (family === 0 || isIP(network) !== family) return false
  const list = new BlockList()
  const name = family === 4 ? 'ipv4' : 'ipv6'
  list.addSubnet(network, Number(bits), name)
  return list.check(value, name)
}
