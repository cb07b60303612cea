import * as z from 'zod'
import type { CommitReport } from '../../events/payloads.ts'
import { commitRunConfigs } from '../../shared/backups/runs/close-run.ts'
import { deps } from '../lib/deps.ts'
import { taskLambda } from '../lib/task.ts'

const Event = z.object({
  runId: z.int(),
  /** It goes on another time. */
  cut: z.literal('paused').optional(),
})

export const handler = taskLambda(Event, async ({ runId, cut }): Promise<CommitReport> => {
  const { engine, archive, now } = deps
  const { commit, files } = await commitRunConfigs({ engine, archive, now }, runId, cut && { cut })
  return { runId, files, ...(commit === undefined ? {} : { commit }) }
})
