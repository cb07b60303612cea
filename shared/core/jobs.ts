import { AppError } from '../errors.ts'
import { systemActor, type Actor } from '../model/change.ts'
import type { InputOf, StoredOf } from '../model/define.ts'
import type { Engine, WriteOptions } from '../model/engine.ts'
import { createRows, getStored, updateRows } from '../model/records.ts'
import { keys } from '../table/keys.ts'

import { job, type JobProgress, type JobState } from './models/job.ts'

/** A job with its hidden fields. */
export type Job = StoredOf<typeof job>
type JobValues = InputOf<(typeof job)['fields']>

/** A job, its files and its notes are of use for a month. */
const jobDays = 30
/** Its notes outlive it a little. */
const notesDays = jobDays + 5
const dayMs = 86_400_000

const openStates: ReadonlySet<string> = new Set(['pending', 'running'] satisfies JobState[])
export const isOpen = (state: string): boolean => openStates.has(state)

export type NewJob = {
  /** Where it has to be known before. */
  id?: number
  name: string
  kind: string
  model?: string
  params?: Record<string, unknown>
  journal?: Record<string, unknown>
  actor: Actor
  message?: string
}

/** Writes a job that waits for its execution (`shared/core/job-control.ts` starts it). */
export async function createJob(engine: Engine, asked: NewJob): Promise<Job> {
  const { id, name, kind, model, params = {}, journal = {}, actor, message = '' } = asked
  const { userId, username, tokenId, requestId } = actor
  const values: JobValues = {
    name,
    kind,
    params,
    journal,
    ...(model === undefined ? {} : { model }),
    actor: { userId, username, tokenId, requestId, message },
    requested_by: username,
    user_id: userId,
    expires: new Date(engine.now().getTime() + jobDays * dayMs).toISOString(),
  }
  const [created] = await createRows(engine, job, [values], {
    actor,
    bySystem: true,
    message,
    ...(id === undefined ? {} : { ids: [id] }),
  })
  if (created === undefined) throw new AppError('internal', 'the job was not created')
  return readJob(engine, created.id)
}

/** @throws AppError `not_found` */
export async function readJob(engine: Pick<Engine, 'table'>, id: number): Promise<Job> {
  const found = await getStored(engine, job, id)
  if (found === undefined) throw new AppError('not_found', `There is no job with the id ${id}.`)
  return found
}

/**
 * Makes the job one execution's: it runs from here on.
 * @throws AppError `job_taken` where another execution has it; `job_finished`.
 */
export const claimJob = (engine: Engine, id: number, execution: string): Promise<Job> =>
  advanceJob(engine, id, (found) => {
    if (found.execution !== null && found.execution !== execution)
      throw new AppError('job_taken', `Job ${id} is carried out by another execution.`)
    return {
      state: 'running',
      execution,
      started: found.started ?? engine.now().toISOString(),
      ...(found.execution === execution ? {} : { attempts: found.attempts + 1 }),
    }
  })

/** @throws AppError `job_finished` where it has ended, for example because someone cancelled it. */
export function rejectEnded({ id, state }: Pick<Job, 'id' | 'state'>): void {
  if (!isOpen(state)) throw new AppError('job_finished', `Job ${id} has ended: ${state}.`)
}

/** Other writers of one job are few: its execution, who cancels it, the sweep. */
const racesMax = 10

/**
 * Changes a job that has not ended.
 * @throws AppError `job_finished`; what `change` throws.
 */
export function advanceJob(engine: Engine, id: number, change: (found: Job) => JobValues): Promise<Job> {
  return changeJob(engine, id, (found) => {
    rejectEnded(found)
    return change(found)
  })
}

/** Changes a job, ended or not. */
export async function changeJob(engine: Engine, id: number, change: (found: Job) => JobValues): Promise<Job> {
  for (let race = 1; ; race += 1) {
    const found = await readJob(engine, id)
    try {
      const update = { id, values: change(found), version: found.version }
      await updateRows(engine, job, [update], { actor: systemActor(`job-${id}`), bySystem: true })
      return await readJob(engine, id)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'version_conflict' || race === racesMax) throw error
    }
  }
}

export type JobEnd = {
  state: Exclude<JobState, 'pending' | 'running'>
  result?: Record<string, unknown>
  error?: string
}

/** Longer errors are cut to what the field holds. */
const errorMax = 2000

/** Ends a job. @throws AppError `job_finished` */
export const finishJob = (engine: Engine, id: number, { state, result, error }: JobEnd): Promise<Job> =>
  advanceJob(engine, id, () => ({
    state,
    completed: engine.now().toISOString(),
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error: error.slice(0, errorMax) }),
  }))

/** Notes how far a job has come. One plain put: call it about once a second, not for every row. */
export const noteProgress = async (
  { table, now }: Pick<Engine, 'table' | 'now'>,
  id: number,
  progress: JobProgress,
): Promise<void> =>
  table.write([
    {
      put: { ...keys.jobProgress(id), ...progress, expiresAt: notesExpireAt(now()) },
      unconditionally: true,
    },
  ])

/** When notes beside a job go by themselves, in the table's own unit. */
export const notesExpireAt = (now: Date): number => Math.floor((now.getTime() + notesDays * dayMs) / 1000)

/** How rows are written that a job changes: in the name of who asked for it. */
export function writeOptionsOf({ actor }: Pick<Job, 'actor'>): WriteOptions {
  const { message, ...who } = actor
  return { actor: who, message }
}
