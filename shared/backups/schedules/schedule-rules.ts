import type { Issue } from '../../errors.ts'

/** The five parts of a cron line: what each may hold. Names of months and days as cron(8) has them. */
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const parts = [
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  { name: 'day of month', min: 1, max: 31, words: [] },
  { name: 'month', min: 1, max: 12, words: months },
  { name: 'day of week', min: 0, max: 7, words: days },
] as const

/** Why a text is not a cron line of five parts; undefined where it is one. The scheduler decides the rest. */
export function cronProblem(text: string): string | undefined {
  const given = text.trim().split(/\s+/)
  if (given.length !== parts.length)
    return 'five parts are expected: minute, hour, day of month, month, day of week'
  const wrong = parts.find(
    (part, index) => !(given[index] ?? '').split(',').every((item) => isCronItem(item, part)),
  )
  return wrong === undefined ? undefined : `the ${wrong.name} is not valid`
}

function isCronItem(item: string, part: (typeof parts)[number]): boolean {
  const match = /^(?:\*|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d{1,2}))?$/i.exec(item)
  if (match === null) return false
  const [, from, to, step] = match
  if (step !== undefined && Number(step) === 0) return false
  const first = from === undefined ? part.min : cronNumber(from, part)
  const last = to === undefined ? first : cronNumber(to, part)
  return first !== undefined && last !== undefined && first <= last
}

function cronNumber(text: string, { min, max, words }: (typeof parts)[number]): number | undefined {
  const word = (words as readonly string[]).indexOf(text.toLowerCase())
  // Months are counted from 1, days of the week from 0: the first word is the smallest number.
  const number = word >= 0 ? word + min : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  return number >= min && number <= max ? number : undefined
}

/** Exactly one way to say when. */
export function scheduleProblems(row: Readonly<Record<string, unknown>>): readonly Issue[] {
  const ways = ['cron', 'interval_minutes', 'once_at'] as const
  const given = ways.filter((way) => row[way] !== null)
  if (given.length === 1) return []
  const message = `Exactly one of ${ways.join(', ')} is needed.`
  return given.length === 0 ? [{ path: 'cron', message }] : given.map((path) => ({ path, message }))
}
