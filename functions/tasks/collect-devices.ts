import { CollectBatch, type CollectReport } from '../../events/payloads.ts'
import { collectBatch } from '../../shared/backups/collect-batch.ts'
import { deps } from '../lib/deps.ts'
import { taskLambda } from '../lib/task.ts'

/** Refuses an input without `Items`: a runtime that does not batch would otherwise back up nothing, and call it success. */
export const handler = taskLambda(CollectBatch, async ({ BatchInput, Items }): Promise<CollectReport> => {
  const { table, archive, keyService, now } = deps
  const { changed, unchanged, failed } = await collectBatch(
    { table, archive, keyService, now },
    { ...BatchInput, items: Items },
  )
  return { changed, unchanged, failed }
})
