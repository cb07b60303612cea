import { AppError, type Issue } from '../errors.ts'
import { strategies, type Strategy } from './choose-numbers.ts'

/** A hold lasts this long at most: a day. */
const holdSecondsMax = 86_400

export type Wanted = {
  isList: boolean
  /** What the caller says of each row. */
  bodies: Record<string, unknown>[]
  strategy: Strategy
  /** Hold instead of writing rows. */
  holdSeconds: number | undefined
  /** `prefix_length` of each, where it was asked for. */
  lengths: number[]
}

/**
 * Reads the body of an allocation. `strategy` and `hold_seconds` are of the whole request: in a list, every member that
 * has one has the same.
 * @throws AppError `validation_failed`.
 */
export function readWanted(
  body: Record<string, unknown> | readonly Record<string, unknown>[],
  { needsLength = false }: { needsLength?: boolean } = {},
): Wanted {
  const isList = Array.isArray(body)
  const members = (isList ? body : [body]) as readonly Record<string, unknown>[]
  const issues: Issue[] = []
  const strategy = common(members, 'strategy', issues) ?? 'first'
  const holdSeconds = common(members, 'hold_seconds', issues)
  if (!isStrategy(strategy))
    issues.push({ path: 'strategy', message: `One of ${strategies.join(', ')} is expected.` })
  if (holdSeconds !== undefined && !isWhole(holdSeconds, 1, holdSecondsMax)) {
    const message = `A whole number of seconds from 1 to ${holdSecondsMax} is expected.`
    issues.push({ path: 'hold_seconds', message })
  }
  if (needsLength && members.some((one) => !isWhole(one['prefix_length'], 0, 128)))
    issues.push({ path: 'prefix_length', message: 'A whole number from 0 to 128 is expected.' })
  if (issues.length > 0) throw new AppError('validation_failed', undefined, { issues })
  return {
    isList,
    bodies: members.map((one) => rowPart(one, needsLength)),
    strategy: strategy as Strategy,
    holdSeconds: holdSeconds as number | undefined,
    lengths: needsLength ? members.map((one) => Number(one['prefix_length'])) : [],
  }
}

function common(members: readonly Record<string, unknown>[], name: string, issues: Issue[]): unknown {
  const given = [...new Set(members.map((one) => one[name]).filter((value) => value !== undefined))]
  if (given.length > 1) issues.push({ path: name, message: 'It must be the same in the whole list.' })
  return given[0]
}

const isStrategy = (value: unknown): boolean => (strategies as readonly unknown[]).includes(value)
const isWhole = (value: unknown, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max

function rowPart(member: Record<string, unknown>, hasLength: boolean): Record<string, unknown> {
  const ownNames = new Set(['strategy', 'hold_seconds', ...(hasLength ? ['prefix_length'] : [])])
  return Object.fromEntries(Object.entries(member).filter(([name]) => !ownNames.has(name)))
}
