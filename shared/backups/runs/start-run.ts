import { AppError } from '../../errors.ts'
import { cancelledError, type Executions } from '../../executions.ts'
import type { Actor } from '../../model/change.ts'
import type { Engine } from '../../model/engine.ts'
import { executionName } from './executions.ts'
import { endUnowned } from './pause-run.ts'
import { isOpen } from './run-status.ts'
import { advanceRun, createRun, readRun, type Run, type RunAsked } from './runs.ts'

export type StartStores = { engine: Engine; executions: Executions; now: () => Date }

/**
 * Writes the run, then starts its execution. Should the second fail, the run says so; should we die in between, the
 * sweep finds a run without an execution.
 */
export async function startRun({ engine, executions, now }: StartStores, asked: RunAsked): Promise<Run> {
  const created = await createRun(engine, asked)
  const name = executionName(created)
  try {
    await executions.start(name, { runId: created.id })
    return created
  } catch (cause) {
    // It may have started all the same, with only the answer lost.
    if (await executions.isRunning(executions.arnOf(name)).catch(() => false)) return created
    await advanceRun(engine, created.id, () => ({
      status: 'failed',
      error: 'the workflow could not be started',
      finished: now().toISOString(),
    }))
    throw new AppError('unavailable', `Run ${created.id} could not be started: try again.`, { cause })
  }
}

/**
 * Asks the execution to stop; its end then closes the run. One that no execution has, for it is paused or waits for its
 * turn, is closed here, and the sweep commits what a batch may still store.
 * @throws AppError `run_finished`
 */
export async function cancelRun(stores: StartStores, runId: number, actor: Actor): Promise<Run> {
  const { engine, executions } = stores
  const why = { error: cancelledError, cause: `cancelled by ${actor.username}` }
  const found = await readRun(engine, runId)
  if (!isOpen(found.status)) throw new AppError('run_finished', `Run ${runId} has ended: ${found.status}.`)
  await executions.stop(found.execution ?? executions.arnOf(executionName(found)), why)
  const standing = await endUnowned(stores, runId, `${why.error}: ${why.cause}`)
  // An execution that took it in the same moment is to be stopped as well.
  const isElse = isOpen(standing.status) && standing.execution !== found.execution
  return isElse ? cancelRun(stores, runId, actor) : standing
}
