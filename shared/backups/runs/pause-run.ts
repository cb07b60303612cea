import { AppError } from '../../errors.ts'
import type { Executions } from '../../executions.ts'
import type { Actor } from '../../model/change.ts'
import type { Engine } from '../../model/engine.ts'
import { foldUses } from '../credentials/credential-uses.ts'
import { executionName } from './executions.ts'
import { countResults } from './progress.ts'
import { logRun } from './run-log.ts'
import { liftPause, raisePause } from './run-pause.ts'
import { isOpen } from './run-status.ts'
import { advanceRun, readRun, type Run } from './runs.ts'

/**
 * A paused run has no execution: the one it had gives back what it has not begun, lets go of the run and ends (`leavePass`),
 * so a pause costs nothing and may last. Resuming starts another one, which plans anew and leaves out who has a result.
 * Every step is one change of the run on condition of its version: pausing, letting go and resuming cannot miss each other.
 */
type Stores = { engine: Engine; executions: Executions; now: () => Date }

/**
 * Lets a run begin no session any more. Pausing a paused run changes nothing.
 * @throws AppError `run_finished`, also where all devices were asked.
 */
export async function pauseRun(
  { engine, now }: Omit<Stores, 'executions'>,
  id: number,
  actor: Actor,
): Promise<Run> {
  let isNew = false
  const paused = await advanceRun(
    engine,
    id,
    ({ status, pauses }) => {
      if (status === 'committing')
        throw new AppError('run_finished', `Run ${id} has asked all of its devices: it is being committed.`)
      isNew = status !== 'paused'
      return isNew ? { status: 'paused', pauses: pauses + 1 } : {}
    },
    actor,
  )
  await raisePause(engine.table, paused, now())
  if (isNew)
    await logRun(engine.table, id, {
      at: now().toISOString(),
      level: 'info',
      message: `paused by ${actor.username}`,
    })
  return paused
}

/**
 * Goes on with a paused run: in its execution where that has not let go yet, else in a new one. Resuming a run that goes on
 * changes nothing.
 * @throws AppError `run_finished`; `unavailable`, and the run is paused still.
 */
export async function resumeRun({ engine, executions, now }: Stores, id: number, actor: Actor): Promise<Run> {
  let isNew = false
  const resumed = await advanceRun(
    engine,
    id,
    ({ status, execution }) => {
      isNew = status === 'paused'
      if (!isNew) return {}
      return { status: execution === null ? 'queued' : 'collecting' }
    },
    actor,
  )
  await liftPause(engine.table, resumed)
  if (isNew)
    await logRun(engine.table, id, {
      at: now().toISOString(),
      level: 'info',
      message: `resumed by ${actor.username}`,
    })
  // A second call too: the first one may have died before it came to this.
  const isWaiting = resumed.status === 'queued' && resumed.execution === null && resumed.pauses > 0
  return isWaiting ? launch({ engine, executions, now }, resumed) : resumed
}

async function launch({ engine, executions, now }: Stores, resumed: Run): Promise<Run> {
  const name = executionName(resumed)
  try {
    await executions.start(name, { runId: resumed.id })
    return resumed
  } catch (cause) {
    // It may have started all the same, with only the answer lost.
    if (await executions.isRunning(executions.arnOf(name)).catch(() => false)) return resumed
    const isUntaken = ({ status, execution }: Run): boolean => status === 'queued' && execution === null
    // A pause of its own: the name may have been used up.
    const back = await advanceRun(engine, resumed.id, (found) =>
      isUntaken(found) ? { status: 'paused', pauses: found.pauses + 1 } : {},
    )
    if (back.status !== 'paused') return back
    await raisePause(engine.table, back, now())
    throw new AppError('unavailable', `Run ${resumed.id} could not be resumed: try again.`, { cause })
  }
}

/** What an execution finds when its pass is over. `left`: the run is none of its business any more. */
export type PassEnd = 'whole' | 'cut_short' | 'left'

/**
 * Ends a pass: moves the run on, unless it is paused (then the execution lets go of it), or was paused and resumed
 * meanwhile (then devices were given back, and the pass is to be planned anew).
 * @param own the execution, and how often the run had been paused when its pass was planned.
 */
export async function leavePass(
  engine: Engine,
  id: number,
  own: { execution: string; pauses: number },
  next: { status?: 'second_pass' },
): Promise<PassEnd> {
  let end: PassEnd = 'whole'
  await advanceRun(engine, id, ({ execution, status, pauses }) => {
    end =
      execution !== own.execution || status === 'paused'
        ? 'left'
        : pauses > own.pauses
          ? 'cut_short'
          : 'whole'
    if (end === 'whole') return next
    return execution === own.execution && status === 'paused' ? { execution: null } : {}
  })
  return end
}

/** Cancels a run that no execution has. @returns the run as it is then; another one is left as it is. */
export async function endUnowned(
  { engine, now }: Pick<Stores, 'engine' | 'now'>,
  id: number,
  reason: string,
): Promise<Run> {
  const found = await readRun(engine, id)
  if (!isUnowned(found)) return found
  await foldUses(engine.table, id)
  const counts = await countResults(engine.table, found)
  const ended = { ...counts, status: 'cancelled', error: reason, finished: now().toISOString() } as const
  try {
    const standing = await advanceRun(engine, id, (one) => (isUnowned(one) ? ended : {}))
    if (!isOpen(standing.status))
      await logRun(engine.table, id, {
        at: now().toISOString(),
        level: 'error',
        message: `cancelled: ${reason}`,
      })
    return standing
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'run_finished') throw error
    return readRun(engine, id)
  }
}

const isUnowned = ({ status, execution }: Run): boolean =>
  execution === null && (status === 'paused' || status === 'queued')
