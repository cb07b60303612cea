import * as z from 'zod'
import type { CommitReport } from '../../events/payloads.ts'
import { commitRunConfigs } from '../../shared/backups/close-run.ts'
import { deps } from '../lib/deps.ts'
import { taskLambda } from '../lib/task.ts'

export const handler = taskLambda(z.object({ runId: z.int() }), async ({ runId }): Promise<CommitReport> => {
  const { engine, archive, now } = deps
  const { commit, files } = await commitRunConfigs({ engine, archive, now }, runId)
  return { runId, files, ...(commit === undefined ? {} : { commit }) }
})
