import { claimJob, finishJob } from '../../core/jobs.ts'
import { getRow } from '../../model/records.ts'
import { subscription } from '../models/subscription.ts'
import { openChannel, sendersOf } from './channels.ts'
import { deliver } from './delivery.ts'
import type { NotifyStores } from './notify-run.ts'
import { TestParams } from './test-job.ts'

/** What came of it: why it was not delivered, null where it was. */
type Tested = { delivered: boolean; attempts: number; error: string | null }

/**
 * Sends the test message of a job. Called again after a crash it is sent again, as a copy of the same delivery.
 * @throws AppError `job_taken`, `job_finished`
 */
export async function runSubscriptionTest(
  stores: Omit<NotifyStores, 'archive'>,
  { jobId, execution }: { jobId: number; execution: string },
): Promise<void> {
  const { engine, sleep } = stores
  const job = await claimJob(engine, jobId, execution)
  const one = await getRow(engine, subscription, TestParams.parse(job.params).subscription)
  if (one === undefined) {
    await finishJob(engine, jobId, { state: 'failed', error: 'the subscription was deleted' })
    return
  }
  const { requested_by } = job
  const at = engine.now().toISOString()
  const message = { event: 'test', subscription: one.name, requested_by, at } as const
  // A secret that cannot be opened is a reason as any other.
  const opening = openChannel(sendersOf(stores), one, { deliveryId: `test-${jobId}`, message })
  const { attempts, error } = await deliver(async () => (await opening)(), sleep)
  const tested: Tested = {
    delivered: error === undefined,
    attempts,
    error: error?.slice(0, 500) ?? null,
  }
  await finishJob(engine, jobId, { state: 'completed', result: tested })
}
