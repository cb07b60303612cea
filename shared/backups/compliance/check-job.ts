import * as z from 'zod'
import {
  advanceJob,
  claimJob,
  finishJob,
  noteProgress,
  readJob,
  rejectEnded,
  type NewJob,
} from '../../core/jobs.ts'
import type { Actor } from '../../model/change.ts'
import { complianceRule } from '../models/compliance-rule.ts'
import { checkFleet, type ComplianceStores } from './check-fleet.ts'

export const complianceJob = (actor: Actor): NewJob => ({
  name: 'Evaluation of the compliance rules',
  kind: 'compliance_check',
  model: complianceRule.name,
  actor,
})

/** What the calls before this one have evaluated. */
const Journal = z.object({
  devices: z.int().default(0),
  failing: z.int().default(0),
  skipped: z.int().default(0),
})

/**
 * Evaluates whatever is not up to date. @returns false where time ran out: called again it goes on with what is left.
 * @throws AppError `job_taken`, `job_finished`
 */
export async function runComplianceJob(
  stores: ComplianceStores,
  { jobId, execution }: { jobId: number; execution: string },
  until: number,
): Promise<boolean> {
  const { engine } = stores
  const claimed = await claimJob(engine, jobId, execution)
  const before = Journal.parse(claimed.journal)
  const checked = await checkFleet(stores, {
    until,
    onProgress: async (current, total) => {
      rejectEnded(await readJob(engine, jobId))
      await noteProgress(engine, jobId, { current, total, step: 'evaluating' })
    },
  })
  const sum = {
    devices: before.devices + checked.devices,
    failing: before.failing + checked.failing,
    // They are due each time.
    skipped: checked.skipped,
  }
  if (checked.done) await finishJob(engine, jobId, { state: 'completed', result: sum })
  else await advanceJob(engine, jobId, () => ({ journal: sum }))
  return checked.done
}
