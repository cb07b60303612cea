import { PassOver, type SecondPass } from '../../events/payloads.ts'
import { leavePass } from '../../shared/backups/runs/pause-run.ts'
import { planSecondPass } from '../../shared/backups/runs/second-pass.ts'
import { workListKey } from '../../shared/backups/runs/work-list.ts'
import { deps } from '../lib/deps.ts'
import { env } from '../lib/env.ts'
import { taskLambda } from '../lib/task.ts'

/** Comes after each pass; after the second there is no other. */
export const handler = taskLambda(
  PassOver,
  async ({ runId, pauses, execution, pass }): Promise<SecondPass> => {
    const { engine, table, work } = deps
    const none = { key: workListKey(runId, 'second'), devices: 0, waitSeconds: 0 }
    const { key, devices, waitSeconds } =
      pass === 1 ? await planSecondPass({ table, work }, runId, pauses) : none
    const own = { execution, pauses }
    const end = await leavePass(engine, runId, own, devices > 0 ? { status: 'second_pass' } : {})
    return { runId, pauses, end, devices, waitSeconds, workList: { bucket: env('workBucket'), key } }
  },
)
