import * as z from 'zod'
import { type ComplianceReport, JobInput } from '../../events/payloads.ts'
import { checkFleet } from '../../shared/backups/compliance/check-fleet.ts'
import { runComplianceJob } from '../../shared/backups/compliance/check-job.ts'
import { changedDevices } from '../../shared/backups/compliance/changed-devices.ts'
import { deps } from '../lib/deps.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

/** The rest of the function's time is for the devices that are under way. */
const secondsMax = 600

/** After a run: what it has changed. As a job: whatever is not up to date. */
export const handler = taskLambda(
  z.union([JobInput, z.object({ runId: z.int() })]),
  async (input): Promise<ComplianceReport | (JobInput & { done: boolean })> => {
    const { engine, archive, now } = deps
    const stores = { engine, archive, now }
    const until = now().getTime() + secondsMax * 1000
    if ('jobId' in input) return { ...input, done: await runComplianceJob(stores, input, until) }
    const { runId } = input
    const checked = await checkFleet(stores, { devices: await changedDevices(engine, runId), runId, until })
    logger.info('compliance evaluated', { runId, ...checked })
    return { runId, done: checked.done }
  },
)
