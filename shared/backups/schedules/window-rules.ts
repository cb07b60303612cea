import type { Issue } from '../../errors.ts'

/** As a week begins in JavaScript: Sunday is 0. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

/** A time of the week, by the clock on the wall. Both in minutes of the day; what ends before it starts ends on the day after. */
export type WeeklyTime = { days: ReadonlySet<number>; start: number; end: number }

/** `mon-fri 22:00-06:00`, `sat,sun 00:00-24:00`, `daily 12:00-13:00`. @returns undefined where it is none. */
export function readWeekly(text: string): WeeklyTime | undefined {
  const match = /^(\S+) (\d\d):([0-5]\d)-(\d\d):([0-5]\d)$/.exec(text.trim().toLowerCase())
  if (match === null) return undefined
  const [, named = '', ...numbers] = match
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = numbers.map(Number)
  const [start, end] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute]
  const days = named === 'daily' ? [0, 1, 2, 3, 4, 5, 6] : named.split(',').flatMap(daysIn)
  const isWhole = days.every((day) => day >= 0) && start < dayMinutes && end <= dayMinutes
  return isWhole ? { days: new Set(days), start, end } : undefined
}

const dayMinutes = 24 * 60

/** `fri-mon` goes over the end of the week. What is no day is -1. */
function daysIn(part: string): number[] {
  const ends = part.split('-').map((name) => weekdays.findIndex((day) => day === name))
  const [first = -1, last = first] = ends
  if (ends.length > 2 || first < 0 || last < 0) return [-1]
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7)
}

export const weeklyProblem = (text: string): string | undefined =>
  readWeekly(text) === undefined
    ? 'days and times are expected, such as mon-fri 22:00-06:00, sat,sun 00:00-24:00 or daily 12:00-13:00'
    : undefined

/** Exactly one way to say when, and whole. */
export function windowProblems(row: Readonly<Record<string, unknown>>): readonly Issue[] {
  const { weekly, starts, ends } = row
  const isWeekly = Array.isArray(weekly) && weekly.length > 0
  if (isWeekly)
    return starts === null && ends === null
      ? []
      : [{ path: 'weekly', message: 'Either weekly, or starts and ends: not both.' }]
  if (typeof starts !== 'string' || typeof ends !== 'string')
    return [{ path: 'weekly', message: 'Either weekly, or both starts and ends are needed.' }]
  return Date.parse(starts) < Date.parse(ends)
    ? []
    : [{ path: 'ends', message: 'It has to end after it starts.' }]
}
