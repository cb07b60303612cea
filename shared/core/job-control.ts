import { AppError } from '../errors.ts'
import { cancelledError, type Executions } from '../executions.ts'
import type { Actor } from '../model/change.ts'
import type { Engine } from '../model/engine.ts'
import {
  advanceJob,
  changeJob,
  createJob,
  finishJob,
  isOpen,
  readJob,
  type Job,
  type NewJob,
} from './jobs.ts'

export type ControlStores = { engine: Engine; executions: Executions }

/** Each attempt is an execution of its own. */
const executionName = ({ id, attempts }: Pick<Job, 'id' | 'attempts'>): string => `job-${id}-${attempts + 1}`

/**
 * Writes a job and starts it. Should we die in between, the sweep finds a job without an execution.
 * @throws AppError `unavailable` where it cannot be started: the job says so too.
 */
export async function startJob(stores: ControlStores, asked: NewJob): Promise<Job> {
  const { engine, executions } = stores
  const created = await createJob(engine, asked)
  try {
    await launchJob(stores, created)
    return created
  } catch (cause) {
    // It may have started all the same, with only the answer lost.
    if (await executions.isRunning(executionOf(executions, created)).catch(() => false)) return created
    await finishJob(engine, created.id, { state: 'errored', error: 'the workflow could not be started' })
    throw new AppError('unavailable', `Job ${created.id} could not be started: try again.`, { cause })
  }
}

/**
 * Starts the execution of a job that waits for one. Called twice, the second finds it started.
 * @throws AppError `unavailable`: the job is pending still, and the sweep tries again.
 */
export const launchJob = ({ executions }: ControlStores, found: Job): Promise<void> =>
  executions.start(executionName(found), { jobId: found.id, kind: found.kind })

/** The execution that works on a job, or that should. */
export const executionOf = (executions: Executions, found: Job): string =>
  found.execution ?? executions.arnOf(executionName(found))

/**
 * Ends a job in the name of a person. What it has written stays written: its kind notices the end before its next
 * part, and tells in `result` how far it came.
 * @throws AppError `job_finished`
 */
export async function cancelJob(
  { engine, executions }: ControlStores,
  id: number,
  actor: Actor,
): Promise<Job> {
  const before = await readJob(engine, id)
  const cancelled = await finishJob(engine, id, {
    state: 'cancelled',
    error: `cancelled by ${actor.username}`,
  })
  await executions.stop(executionOf(executions, before), {
    error: cancelledError,
    cause: `cancelled by ${actor.username}`,
  })
  return cancelled
}

const resumable: ReadonlySet<string> = new Set(['interrupted', 'errored'])

/**
 * Goes on with a job that was stopped, or that waits and was never started.
 * @throws AppError `job_not_stopped` where it runs, or ended by itself.
 */
export async function resumeJob({ engine, executions }: ControlStores, id: number): Promise<Job> {
  const waiting = await changeJob(engine, id, (found) => {
    if (found.state === 'pending') return {}
    if (!resumable.has(found.state))
      throw new AppError('job_not_stopped', `Job ${id} is ${found.state}: there is nothing to resume.`)
    return { state: 'pending', execution: null, error: null, completed: null }
  })
  await launchJob({ engine, executions }, waiting)
  return waiting
}

/** Attempts of one job that begin by themselves; after them a person decides. */
const attemptsMax = 5

/**
 * What to do with a job whose execution is gone: begin it again, or give it up as `interrupted`.
 * @param execution the one that ended. A job that another one works on is left alone.
 * @returns the job as it is now; undefined where there was nothing to do.
 */
export async function reviveJob(
  { engine, executions }: ControlStores,
  id: number,
  { execution, reason }: { execution: string; reason: string },
): Promise<Job | undefined> {
  const before = await readJob(engine, id)
  if (!isOpen(before.state) || executionOf(executions, before) !== execution) return undefined
  if (before.attempts >= attemptsMax)
    return finishJob(engine, id, {
      state: 'interrupted',
      error: `${reason}, for the ${before.attempts}th time`,
    })
  const waiting = await advanceJob(engine, id, (found) => {
    if (found.execution !== before.execution)
      throw new AppError('job_taken', `Job ${id} is carried out by another execution.`)
    // An execution that never claimed the job has used its name up all the same.
    const attempts = found.execution === null ? found.attempts + 1 : found.attempts
    return { state: 'pending', execution: null, attempts }
  })
  await launchJob({ engine, executions }, waiting)
  return waiting
}
