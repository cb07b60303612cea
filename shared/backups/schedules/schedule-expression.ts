import { AppError } from '../../errors.ts'

/** A schedule as its user wrote it: exactly one of the three. */
export type ScheduleTimes = {
  cron?: string | null
  interval_minutes?: number | null
  once_at?: string | null
}

/**
 * The expression EventBridge Scheduler takes.
 * @throws AppError `validation_failed` for a cron line that it cannot express.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function scheduleExpression(times: ScheduleTimes): string {
  if (times.cron != null) return `cron(${awsCron(times.cron)})`
  if (times.interval_minutes != null) {
    return `rate(${times.interval_minutes} ${times.interval_minutes === 1 ? 'minute' : 'minutes'})`
  }
  if (times.once_at != null) return `at(${new Date(times.once_at).toISOString().slice(0, 19)})`
  throw new AppError('validation_failed', 'a schedule needs one of cron, interval_minutes and once_at')
}

/** What `once_at` was turned into is in UTC, whatever the schedule's own time zone. */
export const expressionTimezone = (times: ScheduleTimes, timezone: string): string =>
  times.once_at == null ? timezone : 'UTC'

/** Many schedules of one hour need not start in one second: Scheduler picks a moment within the window. */
export const flexibleWindow = (jitterMinutes: number): FlexibleWindow =>
  jitterMinutes === 0 ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: jitterMinutes }

type FlexibleWindow = { Mode: 'OFF' } | { Mode: 'FLEXIBLE'; MaximumWindowInMinutes: number }

const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/**
 * Five fields of cron(5) as six of AWS: weekdays as names, for AWS counts them from 1, and `?` in one of the two
 * day fields. Cron runs on either day when both are given; AWS cannot, so that is refused rather than changed.
 */
function awsCron(line: string): string {
  const fields = line.trim().split(/\s+/)
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields
  if (fields.length !== 5 || dayOfMonth === undefined || dayOfWeek === undefined) {
    throw new AppError('validation_failed', `cron: five fields are needed, "${line}" has ${fields.length}`)
  }
  if (dayOfMonth !== '*' && dayOfWeek !== '*') {
    throw new AppError(
      'validation_failed',
      'cron: give the day of the month or the day of the week, not both',
    )
  }
  const days = dayOfWeek === '*' ? [dayOfMonth, '?'] : ['?', weekdays(dayOfWeek)]
  return [minute, hour, days[0], month, days[1], '*'].join(' ')
}

/** `1-5` becomes `MON-FRI`; 0 and 7 are both Sunday. A step keeps its number. */
const weekdays = (field: string): string =>
  field
    .split(',')
    .map((part) => {
      const [range = '', step] = part.split('/')
      const named = range.replaceAll(/\d/g, (digit) => dayNames[Number(digit) % 7] ?? digit)
      return step === undefined ? named : `${named}/${step}`
    })
    .join(',')
