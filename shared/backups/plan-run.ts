import { AppError } from '../errors.ts'
import type { Engine } from '../model/engine.ts'
import type { ObjectStore } from '../objects.ts'
import { keys } from '../table/keys.ts'
import { readRates } from './credential-uses.ts'
import { readInventory } from './inventory.ts'
import { planWork, targetTest } from './plan.ts'
import { settleRotations } from './rotate-credential.ts'
import { BackupState } from './records.ts'
import { logRun } from './run-log.ts'
import { advanceRun } from './runs.ts'
import { workListKey, writeWorkList } from './work-list.ts'

export type RunStores = { engine: Engine; work: ObjectStore; now: () => Date }

export type PlannedRun = { runId: number; devices: number; lastSeenDown: number; workListKey: string }

/**
 * Resolves a run's target into work lists, and marks it as collecting. May be repeated: the lists are written anew.
 * @param execution its ARN, kept with the run for cancelling and sweeping.
 * @throws AppError `run_taken` for a second execution of one run (Scheduler starts one at least once);
 * `run_finished` for a run that was closed before its execution came to it.
 */
export async function planRun(stores: RunStores, runId: number, execution: string): Promise<PlannedRun> {
  const { engine, work, now } = stores
  const { target } = await advanceRun(engine, runId, ({ execution: owner, started }) => {
    if (owner !== null && owner !== execution)
      throw new AppError('run_taken', `Run ${runId} belongs to the execution ${owner}.`)
    return { status: 'planning', started: started ?? now().toISOString(), execution }
  })
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
  const plan = planWork({ ...inventory, credentials: rated }, target, byDevice)
  const key = workListKey(runId, 'first')
  await writeWorkList(work, key, plan.first)
  if (plan.lastSeenDown.length > 0) {
    await writeWorkList(work, workListKey(runId, 'last-seen-down'), plan.lastSeenDown)
  }
  const total = plan.first.length + plan.lastSeenDown.length
  await advanceRun(engine, runId, () => ({ status: 'collecting', total }))
  await logRun(engine.table, runId, {
    at: now().toISOString(),
    level: 'info',
    message: `${total} devices planned, ${plan.lastSeenDown.length} of them last seen down`,
  })
  return { runId, devices: plan.first.length, lastSeenDown: plan.lastSeenDown.length, workListKey: key }
}
