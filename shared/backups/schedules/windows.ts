import type { RowOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { rowsOf } from '../../model/rows-of.ts'
import { storedSchema } from '../../model/rows.ts'
import { keys } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import { maintenanceWindow } from '../models/maintenance-window.ts'
import { targetTest, type TargetedDevice } from '../runs/plan.ts'
import { readWeekly, weekdays } from './window-rules.ts'

/** Maintenance windows: which of them are about a device, and what they say at a moment. */
type Row = RowOf<typeof maintenanceWindow>
export type Window = Pick<
  Row,
  'id' | 'name' | 'enabled' | 'kind' | 'target' | 'weekly' | 'starts' | 'ends' | 'timezone'
>

/** All of them, as of now. */
export async function readWindows(engine: Engine): Promise<Window[]> {
  return [...(await rowsOf(engine, maintenanceWindow)).values()]
}

/** Some of them; those that are gone by now are left out. Without ids nothing is read. */
export async function windowsById(table: Table, ids: readonly number[]): Promise<Map<number, Window>> {
  const unique = [...new Set(ids)]
  const found = await table.getMany(
    storedSchema(maintenanceWindow),
    unique.map((id) => keys.entity(maintenanceWindow.name, id)),
  )
  return new Map(found.flatMap((one) => (one === undefined ? [] : [[one.id, one]])))
}

/** Which are about a device. Made once for a list of devices. */
export function windowTest(windows: readonly Window[]): (device: TargetedDevice) => Window[] {
  const tests = windows
    .filter(({ enabled }) => enabled)
    .map((window) => ({ window, isMeant: targetTest(window.target) }))
  return (device) => tests.flatMap(({ window, isMeant }) => (isMeant(device) ? [window] : []))
}

/**
 * The window that keeps a device from being backed up at a moment: one without backups that is open, or, where backups are
 * for certain windows only and none of these is open, the first of them.
 * @param windows those about the device.
 */
export function closingWindow(windows: readonly Window[], at: Date): Window | undefined {
  const live = windows.filter(({ enabled }) => enabled)
  const shut = live.find((one) => one.kind === 'no_backup' && isOpenAt(one, at))
  if (shut !== undefined) return shut
  const allowing = live.filter(({ kind }) => kind === 'only_then')
  return allowing.some((one) => isOpenAt(one, at)) ? undefined : allowing[0]
}

/**
 * From when on it may be otherwise, where a device may not be backed up at a moment: when that window ends, or the first one for
 * backups starts. The moment itself where times of the week decide; undefined where nothing is to come.
 * @param closing what `closingWindow` said.
 */
export function closedUntil(windows: readonly Window[], closing: Window, at: Date): Date | undefined {
  const asOf = closing.kind === 'no_backup' ? [closing] : windows.filter(({ kind }) => kind === 'only_then')
  if (asOf.some(({ weekly }) => weekly.length > 0)) return at
  if (closing.kind === 'no_backup') return closing.ends === null ? undefined : new Date(closing.ends)
  const starts = asOf
    .map(({ starts: start }) => Date.parse(start ?? ''))
    .filter((start) => start > at.getTime())
  return starts.length === 0 ? undefined : new Date(Math.min(...starts))
}

/** Why a device was left out, in words. */
export const whyClosed = ({ name, kind }: Window): string =>
  kind === 'no_backup'
    ? `maintenance window ${name}: no backups in it`
    : `backups only in maintenance window ${name}`

/** From its start on, and no longer at its end. */
export function isOpenAt({ weekly, starts, ends, timezone }: Window, at: Date): boolean {
  if (weekly.length > 0) return isInWeek(weekly, wallClock(timezone, at))
  return (
    starts !== null && ends !== null && Date.parse(starts) <= at.getTime() && at.getTime() < Date.parse(ends)
  )
}

type WallClock = { day: number; minute: number }

/**
 * The clock on the wall decides: an hour that comes twice in autumn is in the window twice, and of a time that is left out
 * in spring what lies behind it remains.
 */
function isInWeek(weekly: readonly string[], { day, minute }: WallClock): boolean {
  return weekly
    .flatMap((text) => readWeekly(text) ?? [])
    .some(({ days, start, end }) => {
      if (start < end) return days.has(day) && minute >= start && minute < end
      return (days.has(day) && minute >= start) || (days.has((day + 6) % 7) && minute < end)
    })
}

const formats = new Map<string, Intl.DateTimeFormat>()

function wallClock(timezone: string, at: Date): WallClock {
  const format =
    formats.get(timezone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  formats.set(timezone, format)
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const day = weekdays.findIndex((name) => name === (parts['weekday'] ?? '').slice(0, 3).toLowerCase())
  return { day, minute: Number(parts['hour']) * 60 + Number(parts['minute']) }
}
