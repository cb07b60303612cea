import { matchesCondition, readCondition } from './condition.ts'

/** A compiled event pattern. */
export type Matcher = (event: unknown) => boolean

type Node = Record<string, unknown>
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Compiles an event pattern of EventBridge, or a filter of an event source mapping: the syntax is the same.
 * All members must hold; of the conditions in a list, any.
 * @throws Error naming an operator that does not exist or is used wrongly.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function compilePattern(pattern: Node): Matcher {
  const tests = Object.entries(pattern).map(([member, wanted]) =>
    member === '$or' ? anyOf(wanted) : memberMatcher(member, wanted),
  )
  if (tests.length === 0) throw new Error('An empty pattern matches nothing.')
  return (event) => tests.every((test) => test(event))
}

function anyOf(alternatives: unknown): Matcher {
  if (!Array.isArray(alternatives) || alternatives.length < 2)
    throw new Error('$or needs two patterns or more.')
  const tests = alternatives.map((alternative: Node) => compilePattern(alternative))
  return (event) => tests.some((test) => test(event))
}

function memberMatcher(member: string, wanted: unknown): Matcher {
  if (isNode(wanted)) {
    const nested = compilePattern(wanted)
    return (event) => {
      const value = isNode(event) ? event[member] : undefined
      // A list of objects matches when one of them does; a missing object can still satisfy `exists: false`.
      return Array.isArray(value) ? value.some(nested) : nested(isNode(value) ? value : {})
    }
  }
  if (!Array.isArray(wanted) || wanted.length === 0) {
    throw new Error(`The pattern of ${member} must be a list of values or an object.`)
  }
  const conditions = wanted.map((condition) => readCondition(member, condition))
  return (event) => {
    const value = isNode(event) ? event[member] : undefined
    return conditions.some((condition) => matchesCondition(condition, value))
  }
}
