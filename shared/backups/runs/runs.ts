import { AppError } from '../../errors.ts'
import { firstIdAt } from '../../ids.ts'
import { systemActor, type Actor } from '../../model/change.ts'
import type { InputOf, RowOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { createRows, getRow, updateRows } from '../../model/records.ts'
import { isOpen } from './run-status.ts'
import { run } from '../models/run.ts'
import { schedule } from '../models/schedule.ts'
import type { BackupTarget } from './work.ts'

export type Run = RowOf<typeof run>
export type RunValues = InputOf<(typeof run)['fields']>

export type RunAsked = {
  target: BackupTarget
  actor: Actor
  message?: string
  /** Also devices that a maintenance window keeps from being backed up. */
  ignoreWindows?: boolean
}

/** A run that was asked for: it waits for its execution. */
export async function createRun(engine: Engine, asked: RunAsked): Promise<Run> {
  const { actor, target, message, ignoreWindows = false } = asked
  const values: RunValues = {
    trigger: 'on_demand',
    requested_by: actor.username,
    target,
    ignore_windows: ignoreWindows,
  }
  const options = { actor, bySystem: true, ...(message === undefined ? {} : { message }) }
  const [created] = await createRows(engine, run, [values], options)
  if (created === undefined) throw new AppError('internal', 'the run was not created')
  return created
}

/**
 * The run of a schedule at one time. The id is made from both, so that a start that is delivered twice finds the same
 * run. Undefined when the schedule is gone or switched off.
 */
export async function openScheduledRun(
  engine: Engine,
  due: { scheduleId: number; scheduledAt: string },
): Promise<Run | undefined> {
  const found = await getRow(engine, schedule, due.scheduleId)
  if (found === undefined || !found.enabled) return undefined
  const id = scheduledRunId(due)
  const values: RunValues = {
    trigger: 'schedule',
    schedule: found.id,
    requested_by: `schedule ${found.name}`,
    target: found.target,
  }
  try {
    const [created] = await createRows(engine, run, [values], {
      actor: systemActor(`schedule-${found.id}`),
      bySystem: true,
      ids: [id],
    })
    return created
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'id_taken') throw error
    const earlier = await getRow(engine, run, id)
    if (earlier?.schedule === found.id) return earlier
    throw new AppError('write_conflict', `Another run has the id ${id}: try again.`, { cause: error })
  }
}

/** The id of a schedule's run at one time. */
export const scheduledRunId = (due: { scheduleId: number; scheduledAt: string }): number =>
  firstIdAt(new Date(due.scheduledAt)) + (due.scheduleId % idsPerMillisecond)

/** An id has 12 bits below its millisecond. */
const idsPerMillisecond = 4096

/** @throws AppError `not_found` */
export async function readRun(engine: Engine, id: number): Promise<Run> {
  const found = await getRow(engine, run, id)
  if (found === undefined) throw new AppError('not_found', `There is no backup run ${id}.`)
  return found
}

/** Other writers of one run are few: its execution, who cancels it, the sweep. */
const racesMax = 10

/**
 * Moves on a run that has not ended. A Lambda may outlive the execution that called it: what it brings is late then.
 * @throws AppError `run_finished`; what `change` throws.
 */
export async function advanceRun(
  engine: Engine,
  id: number,
  change: (found: Run) => RunValues,
  actor: Actor = systemActor(`run-${id}`),
): Promise<Run> {
  for (let race = 1; ; race += 1) {
    const found = await readRun(engine, id)
    if (!isOpen(found.status)) throw new AppError('run_finished', `Run ${id} has ended: ${found.status}.`)
    try {
      return await noteRun(engine, id, change(found), { version: found.version, actor })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'version_conflict' || race === racesMax) throw error
    }
  }
}

/** Notes something with a run, ended or not. */
export async function noteRun(
  engine: Engine,
  id: number,
  values: RunValues,
  { version, actor = systemActor(`run-${id}`) }: { version?: number; actor?: Actor } = {},
): Promise<Run> {
  const [moved] = await updateRows(engine, run, [{ id, values, version }], { actor, bySystem: true })
  if (moved === undefined) throw new AppError('not_found', `There is no backup run ${id}.`)
  return moved
}
