import { AppError, type Issue } from '../errors.ts'
import type { Model } from './define.ts'
import { noSuch } from './nearest.ts'
import { shownNames, type Selection } from './output.ts'

/** Rows of one page. `limit=0` and anything above the most ask for the most. */
const pageDefault = 50
export const pageMax = 1000

/** Query parameters as they came, each with all its values. */
export type Query = ReadonlyMap<string, readonly string[]>

export type Page = { limit: number; offset: number }

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
  // NetBox leaves out its costly config contexts by this; its clients send it, and here there are none.
  if (query.get('exclude')?.some((text) => text !== 'config_context') === true)
    issues.push({ path: 'exclude', message: 'config_context is expected; `omit` leaves out other members.' })
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
