import type * as z from 'zod'
import { eventCatalog } from '../../events/catalog.ts'
import { BackupInput } from '../../events/payloads.ts'
import { closeStoppedRun } from '../../shared/backups/runs/close-run.ts'
import { cancelledError } from '../../shared/executions.ts'
import { run } from '../../shared/backups/models/run.ts'
import { scheduledRunId } from '../../shared/backups/runs/runs.ts'
import { getRow } from '../../shared/model/records.ts'
import { deps } from '../lib/deps.ts'
import { taskLambda } from '../lib/task.ts'

const { schema: StatusChange } = eventCatalog.executionStopped

/** A backup whose execution failed, ran out of time or was stopped. Delivered twice, the second finds nothing to do. */
export const handler = taskLambda(StatusChange, async ({ detail }) => {
  const { engine, archive, now } = deps
  const input = BackupInput.parse(JSON.parse(detail.input))
  const runId = 'runId' in input ? input.runId : scheduledRunId(input)
  // An execution of a schedule that is switched off never made a run.
  const found = await getRow(engine, run, runId)
  if (found === undefined) return
  // A start that was delivered twice: the run goes on in the other execution.
  if (found.execution !== null && found.execution !== detail.executionArn) return
  // A paused run has let go of it: what became of it then is no end of the run.
  if (found.status === 'paused' && found.execution === null && detail.error !== cancelledError) return
  await closeStoppedRun({ engine, archive, now }, runId, {
    status: statusOf(detail),
    reason:
      [detail.error, detail.cause].filter((part) => part != null && part !== '').join(': ') || detail.status,
  })
})

function statusOf({
  status,
  error,
}: z.infer<typeof StatusChange>['detail']): 'interrupted' | 'failed' | 'cancelled' {
  if (error === cancelledError) return 'cancelled'
  return status === 'FAILED' ? 'failed' : 'interrupted'
}
