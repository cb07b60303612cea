import { AppError } from '../../errors.ts'
import type { Engine } from '../../model/engine.ts'
import type { ObjectStore } from '../../objects.ts'
import { keys } from '../../table/keys.ts'
import { readRates } from '../credentials/credential-uses.ts'
import { readInventory } from './inventory.ts'
import { readNoiseRules } from '../versions/noise-patterns.ts'
import { planWork, targetTest } from './plan.ts'
import { settleRotations } from '../credentials/rotate-credential.ts'
import { BackupState } from '../records.ts'
import { logRun } from './run-log.ts'
import { advanceRun, type Run, type RunValues } from './runs.ts'
import { readHeads } from './progress.ts'
import { readWindows, windowTest } from '../schedules/windows.ts'
import { workListKey, writeWorkList } from './work-list.ts'

export type RunStores = { engine: Engine; work: ObjectStore; now: () => Date }

export type PlannedRun = {
  runId: number
  /** How often the run had been paused by then. */
  pauses: number
  devices: number
  lastSeenDown: number
  workListKey: string
}

/**
 * Resolves a run's target into work lists, and marks it as collecting. May be repeated: the lists are written anew. Of a
 * run that was paused, those who have a result are left out of what is collected.
 * @param execution its ARN, kept with the run for cancelling and sweeping.
 * @throws AppError `run_taken` for a second execution of one run (Scheduler starts one at least once);
 * `run_finished` for a run that was closed before its execution came to it; `run_paused`.
 */
export async function planRun(stores: RunStores, runId: number, execution: string): Promise<PlannedRun> {
  const { engine, work, now } = stores
  const advance = (next: (found: Run) => RunValues): Promise<Run> =>
    advanceRun(engine, runId, (found) => {
      const { execution: owner, status } = found
      if (owner !== null && owner !== execution)
        throw new AppError('run_taken', `Run ${runId} belongs to the execution ${owner}.`)
      return status === 'paused' ? { execution: null } : { ...next(found), execution }
    }).then(unlessPaused)
  const { target, pauses, ignore_windows } = await advance(({ started }) => ({
    status: 'planning',
    started: started ?? now().toISOString(),
  }))
  const { credentials, ...inventory } = await readInventory(engine)
  const targeted = inventory.devices.filter(targetTest(target))
  const states = await engine.table.getMany(
    BackupState,
    targeted.map(({ id }) => keys.backupState(id)),
  )
  const byDevice = new Map(states.flatMap((state) => (state === undefined ? [] : [[state.deviceId, state]])))
  await settleRotations(engine, { devices: inventory.devices, credentials })
  const rates = await readRates(
    engine.table,
    credentials.map(({ id }) => id),
  )
  const rated = credentials.map((one) => ({ ...one, ...rates.get(one.id) }))
  const windowsOf = windowTest(ignore_windows ? [] : await readWindows(engine))
  const noise = await readNoiseRules(engine)
  const plan = planWork({ ...inventory, credentials: rated, noise, windowsOf }, target, byDevice)
  const done = pauses === 0 ? new Set<number>() : await devicesDone(engine, runId)
  const rest = plan.first.filter(({ deviceId }) => !done.has(deviceId))
  await writeWorkList(work, workListKey(runId, 'first'), plan.first)
  const key = workListKey(runId, pauses === 0 ? 'first' : 'rest')
  if (pauses > 0) await writeWorkList(work, key, rest)
  if (plan.lastSeenDown.length > 0 || pauses > 0) {
    await writeWorkList(work, workListKey(runId, 'last-seen-down'), plan.lastSeenDown)
  }
  const planned = [...plan.first, ...plan.lastSeenDown].map(({ deviceId }) => deviceId)
  // One that was asked before the pause may have left the inventory since.
  const total = new Set([...planned, ...done]).size
  const begun = await advance(() => ({ status: 'collecting', total }))
  await logRun(engine.table, runId, {
    at: now().toISOString(),
    level: 'info',
    message: `${total} devices planned, ${plan.lastSeenDown.length} of them last seen down${
      done.size === 0 ? '' : `, ${done.size} have their result`
    }`,
  })
  return {
    runId,
    pauses: begun.pauses,
    devices: rest.length,
    lastSeenDown: plan.lastSeenDown.length,
    workListKey: key,
  }
}

/** A run that is paused before or while it is planned is let go of: whoever resumes it has it planned anew. */
function unlessPaused(found: Run): Run {
  if (found.status === 'paused') throw new AppError('run_paused', `Run ${found.id} is paused.`)
  return found
}

async function devicesDone(engine: Engine, runId: number): Promise<Set<number>> {
  // Of a run that was cut short no batch tells all: the results themselves do.
  const heads = await readHeads(engine.table, { id: runId, total: Infinity })
  return new Set(heads.map(({ deviceId }) => deviceId))
}
