import { startJob, type ControlStores } from '../../core/job-control.ts'
import { isOpen, type Job, type NewJob } from '../../core/jobs.ts'
import { job } from '../../core/models/job.ts'
import { systemActor, type Actor } from '../../model/change.ts'
import type { RowOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { rowsOf } from '../../model/rows-of.ts'
import { retentionPolicy } from '../models/retention-policy.ts'
import type { RetentionPolicy } from './choose.ts'
import { hasLooseObjects } from './texts.ts'

const kind = 'config_retention'

export const readPolicies = async (engine: Engine): Promise<RetentionPolicy[]> => [
  ...(await rowsOf(engine, retentionPolicy)).values(),
]

/** What applies the policies, or tells what they come to. */
export const retentionJob = (isDry: boolean, actor: Actor): NewJob => ({
  name: isDry ? 'What retention would let go' : 'Retention of configurations',
  kind,
  params: { dry_run: isDry },
  actor,
})

/**
 * Begins the day's work where there is any: a policy that holds, or objects that wait to be deleted.
 * @returns undefined where there is none, or another such job is open.
 */
export async function startDailyRetention(
  stores: ControlStores,
  requestId: string,
): Promise<Job | undefined> {
  const { engine } = stores
  const hasPolicy = (await readPolicies(engine)).some(({ enabled }) => enabled)
  if (!hasPolicy && !(await hasLooseObjects(engine.table))) return undefined
  const jobs = engine.catalogs.of(job)
  await jobs.refresh()
  const isOpenJob = (row: RowOf<typeof job>): boolean =>
    row.kind === kind && isOpen(row.state) && (row.params as { dry_run?: boolean }).dry_run === false
  if (([...jobs.rows.values()] as RowOf<typeof job>[]).some(isOpenJob)) return undefined
  return startJob(stores, retentionJob(false, systemActor(requestId)))
}
