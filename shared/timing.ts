import { Cron } from 'croner'

/** When something is due. `next` gives the first time after the given one, or undefined when there is none any more. */
export type Timing = { kind: 'cron' | 'rate' | 'at'; next(after: Date): Date | undefined }

export type TimingOptions = {
  /** An IANA name, for `cron` and `at`; UTC where left out. */
  timezone?: string | undefined
  /** What a rate counts from. */
  anchor: Date
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const
/** In a row of occurrences, so many may be skipped by a change of clocks before we give up. */
const skippedMax = 400

/**
 * Reads `cron(…)`, `rate(…)` and `at(…)` as EventBridge and its Scheduler write them.
 * @throws Error saying what is wrong with the expression.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function readExpression(expression: string, options: TimingOptions): Timing {
  const match = /^(cron|rate|at)\((.*)\)$/.exec(expression)
  const body = match?.[2]?.trim() ?? ''
  if (options.timezone !== undefined) refuseUnknownTimezone(options.timezone)
  switch (match?.[1] ?? '') {
    case 'cron':
      return cronTiming(body, options.timezone ?? 'UTC')
    case 'rate':
      return rateTiming(body, options.anchor)
    case 'at':
      return atTiming(body, options.timezone ?? 'UTC')
    default:
      throw new Error(`Invalid Schedule Expression ${expression}.`)
  }
}

function refuseUnknownTimezone(timezone: string): void {
  try {
    void new Intl.DateTimeFormat('en', { timeZone: timezone })
  } catch (cause) {
    throw new Error(`Invalid time zone ${timezone}.`, { cause })
  }
}

function rateTiming(body: string, anchor: Date): Timing {
  const match = /^([1-9]\d{0,8}) (minute|hour|day)(s?)$/.exec(body)
  const value = Number(match?.[1])
  // AWS insists on the grammar: 1 minute, 2 minutes.
  if (match === null || (value === 1) !== (match[3] === ''))
    throw new Error(`Invalid rate expression rate(${body}).`)
  const intervalMs = value * unitMs[match[2] as keyof typeof unitMs]
  return {
    kind: 'rate',
    next(after) {
      const passed = Math.floor((after.getTime() - anchor.getTime()) / intervalMs)
      return new Date(anchor.getTime() + (Math.max(passed, -1) + 1) * intervalMs)
    },
  }
}

function atTiming(body: string, timezone: string): Timing {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body)) throw new Error(`Invalid at expression at(${body}).`)
  const at = new Cron(body, { timezone, paused: true }).nextRun(new Date(0))
  if (at === null) throw new Error(`Invalid at expression at(${body}).`)
  return { kind: 'at', next: (after) => (at > after ? at : undefined) }
}

function cronTiming(body: string, timezone: string): Timing {
  const pattern = cronerPattern(body)
  let cron: Cron
  try {
    cron = new Cron(pattern, { timezone, paused: true })
  } catch (cause) {
    throw new Error(`Invalid cron expression cron(${body}): ${cause instanceof Error ? cause.message : ''}`, {
      cause,
    })
  }
  const wallClock = wallClockIn(timezone)
  return {
    kind: 'cron',
    next(after) {
      let at = cron.nextRun(after)
      for (let skipped = 0; at !== null && skipped < skippedMax; skipped++) {
        // AWS: a time that does not exist in spring is left out, one that comes twice in autumn counts once.
        // croner moves the first to the next hour and repeats the second.
        if (cron.match(at) && !isRepeated(at, wallClock)) return at
        at = cron.nextRun(at)
      }
      return undefined
    },
  }
}

function wallClockIn(timezone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  return (at) => format.format(at)
}

/** Clocks go back by an hour, on Lord Howe Island by half of one. */
const setBackMs = [1_800_000, 3_600_000]

const isRepeated = (at: Date, wallClock: (at: Date) => string): boolean =>
  setBackMs.some((backMs) => wallClock(new Date(at.getTime() - backMs)) === wallClock(at))

const ranges = [
  { name: 'minutes', min: 0, max: 59 },
  { name: 'hours', min: 0, max: 23 },
  { name: 'day-of-month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12 },
  { name: 'day-of-week', min: 1, max: 7 },
  { name: 'year', min: 1970, max: 2199 },
] as const

/**
 * AWS: `minutes hours day-of-month month day-of-week year`, Sunday is 1, exactly one of the day fields is `?`,
 * `a/b` counts from a. croner: seconds in front, Sunday is 0.
 */
function cronerPattern(body: string): string {
  const fields = body.split(/\s+/)
  if (fields.length !== ranges.length)
    throw new Error(`Invalid cron expression cron(${body}): it needs 6 fields.`)
  if ((fields[2] === '?') === (fields[4] === '?')) {
    throw new Error(`Invalid cron expression cron(${body}): one of day-of-month and day-of-week must be ?.`)
  }
  const translated = fields.map((field, position) =>
    field === '?'
      ? '*'
      : field
          .split(',')
          .map((part) => translatePart(part, position))
          .join(','),
  )
  return ['0', ...translated].join(' ')
}

function translatePart(part: string, position: number): string {
  const { max } = ranges[position] ?? ranges[0]
  const stepped = /^(\d+)\/(\d+)$/.exec(part)
  const open = stepped === null ? part : `${stepped[1]}-${max}/${stepped[2]}`
  if (position !== 4) return open
  // A lone L in day-of-week is Saturday.
  if (part === 'L') return '6'
  // `6L` is the last Friday, `6#3` the third, `2-6/2` every other weekday.
  const [days = '', suffix] = open.split(/(?=[/#L])/, 2)
  const shifted = days.replaceAll(/\d+/g, (day) => {
    const number = Number(day)
    if (number < 1 || number > 7) throw new Error(`Invalid day-of-week ${part}.`)
    return String(number - 1)
  })
  return shifted + (suffix ?? '')
}
