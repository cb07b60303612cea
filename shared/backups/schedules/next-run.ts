import type { RowOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { rowsOf } from '../../model/rows-of.ts'
import { readExpression } from '../../timing.ts'
import { schedule } from '../models/schedule.ts'
import { targetTest, type TargetedDevice } from '../runs/plan.ts'
import { expressionTimezone, scheduleExpression } from './schedule-expression.ts'
import { closedUntil, closingWindow, readWindows, windowTest, type Window } from './windows.ts'

type Schedule = RowOf<typeof schedule>

export type NextRun = {
  /** When the schedule is due. */
  at: Date
  /** With jitter the run starts at a random moment between the two. */
  latest: Date
}

export type Covering = { schedule: { id: number; name: string }; next: NextRun | undefined }

/** Where times of the week keep a device from all of a schedule's, so many are looked at: a week of one each five minutes. */
const timesMax = 2016

/**
 * The schedules that a device is backed up by, the one that comes next first: enabled ones whose target means it. A time
 * at which a maintenance window keeps the device from being backed up is passed by.
 */
export async function schedulesOf(engine: Engine, device: TargetedDevice): Promise<Covering[]> {
  const [windows, schedules] = await Promise.all([readWindows(engine), rowsOf(engine, schedule)])
  const own = windowTest(windows)(device)
  return [...schedules.values()]
    .filter(({ enabled, target }) => enabled && targetTest(target)(device))
    .map((row) => ({ schedule: { id: row.id, name: row.name }, next: nextRun(row, own, engine.now()) }))
    .sort((a, b) => timeOf(a) - timeOf(b) || a.schedule.id - b.schedule.id)
}

const timeOf = ({ next }: Covering): number => next?.at.getTime() ?? Infinity

type Timed = Pick<
  Schedule,
  'created' | 'cron' | 'interval_minutes' | 'once_at' | 'timezone' | 'jitter_minutes'
>

/** @param windows those about the device. @returns undefined where none is to come. */
export function nextRun(row: Timed, windows: readonly Window[], after: Date): NextRun | undefined {
  const timing = readExpression(scheduleExpression(row), {
    timezone: expressionTimezone(row, row.timezone),
    // An interval counts from when the schedule was made, as Scheduler has it.
    anchor: new Date(row.created),
  })
  let at = timing.next(after)
  for (let count = 0; at !== undefined && count < timesMax; count += 1) {
    const closing = closingWindow(windows, at)
    if (closing === undefined) return { at, latest: new Date(at.getTime() + row.jitter_minutes * 60_000) }
    const until = closedUntil(windows, closing, at)
    // The first time that is not before it: a window does not close any more at its end.
    at = until && timing.next(until > at ? new Date(until.getTime() - 1) : at)
  }
  return undefined
}
