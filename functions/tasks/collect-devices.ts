import * as z from 'zod'
import { CollectBatch, CollectorJob, type CollectReport } from '../../events/payloads.ts'
import { collectBatch } from '../../shared/backups/runs/collect-batch.ts'
import { logRun } from '../../shared/backups/runs/run-log.ts'
import { deps } from '../lib/deps.ts'
import { taskLambda } from '../lib/task.ts'

/**
 * Whatever opens device secrets. Refuses a batch without `Items`: a runtime that does not batch would otherwise back up
 * nothing, and call it success.
 */
export const handler = taskLambda(
  z.union([CollectBatch, CollectorJob]),
  async (input): Promise<CollectReport | { jobId: number }> =>
    'jobId' in input ? carryOut(input) : collect(input),
)

async function carryOut({ jobId, kind, execution }: CollectorJob): Promise<{ jobId: number }> {
  const { engine, keyService, now, work } = deps
  if (kind === 'reseal_secrets') {
    const { runReseal } = await import('../../shared/backups/credentials/reseal.ts')
    await runReseal({ engine, keyService }, jobId, execution)
    return { jobId }
  }
  if (kind === 'record_session') {
    const { runRecording } = await import('../../shared/backups/recordings/record-session.ts')
    await runRecording({ engine, keyService, now, work }, jobId, execution)
    return { jobId }
  }
  const { runCredentialTest } = await import('../../shared/backups/credentials/test-credential.ts')
  await runCredentialTest({ engine, keyService, now }, jobId, execution)
  return { jobId }
}

async function collect({ BatchInput, Items }: CollectBatch): Promise<CollectReport> {
  const { table, archive, keyService, now, engine: rows } = deps
  try {
    const tally = await collectBatch(
      { table, archive, keyService, now, rows },
      { ...BatchInput, items: Items },
    )
    const { changed, unchanged, failed, skipped } = tally
    return { changed, unchanged, failed, skipped }
  } catch (error) {
    // A fault of ours, and the devices of the batch have no result: whoever reads the run must find out why.
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    const message = `a batch of ${Items.length} devices failed: ${reason}`
    const line = { at: now().toISOString(), level: 'error', message } as const
    // When the table is what failed, its own error must not hide the first.
    await logRun(table, BatchInput.runId, line).catch(() => undefined)
    throw error
  }
}
