import * as z from 'zod'
import { BackupInput, type BackupPlan } from '../../events/payloads.ts'
import { planRun } from '../../shared/backups/runs/plan-run.ts'
import { openScheduledRun } from '../../shared/backups/runs/runs.ts'
import { AppError } from '../../shared/errors.ts'
import { deps } from '../lib/deps.ts'
import { env } from '../lib/env.ts'
import { taskLambda } from '../lib/task.ts'

const Event = z.object({ input: BackupInput, execution: z.string() })

export const handler = taskLambda(Event, async ({ input, execution }): Promise<BackupPlan> => {
  const { engine, work, now } = deps
  const runId = 'runId' in input ? input.runId : (await openScheduledRun(engine, input))?.id
  if (runId === undefined) throw new AppError('schedule_off', 'The schedule is gone or switched off.')
  const { workListKey, ...plan } = await planRun({ engine, work, now }, runId, execution)
  return { ...plan, workList: { bucket: env('workBucket'), key: workListKey } }
})
