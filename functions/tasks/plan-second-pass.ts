import * as z from 'zod'
import type { SecondPass } from '../../events/payloads.ts'
import { planSecondPass } from '../../shared/backups/second-pass.ts'
import { advanceRun } from '../../shared/backups/runs.ts'
import { deps } from '../lib/deps.ts'
import { env } from '../lib/env.ts'
import { taskLambda } from '../lib/task.ts'

export const handler = taskLambda(z.object({ runId: z.int() }), async ({ runId }): Promise<SecondPass> => {
  const { engine, table, work } = deps
  const { key, devices, waitSeconds } = await planSecondPass({ table, work }, runId)
  if (devices > 0) await advanceRun(engine, runId, () => ({ status: 'second_pass' }))
  return { runId, devices, waitSeconds, workList: { bucket: env('workBucket'), key } }
})
