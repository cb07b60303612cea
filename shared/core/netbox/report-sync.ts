import { writeErrorPages } from '../../imports/error-pages.ts'
import type { ImportIssue } from '../../imports/issues.ts'
import type { ObjectStore } from '../../objects.ts'
import { filesFolder } from '../job-files.ts'
import type { Written } from './apply-sync.ts'
import type { SyncPlan } from './plan-sync.ts'
import type { Upstream } from './upstream.ts'

/** What the job itself holds of each list; all of it is in its files. */
const shownMax = 100

/** Every change, field by field, and every error, as files of the job. A later pass has only what was left. */
export async function writeSyncFiles(
  work: Pick<ObjectStore, 'put'>,
  jobId: number,
  { plan, issues, passes }: { plan: SyncPlan; issues: readonly ImportIssue[]; passes: number },
): Promise<void> {
  const options = { contentType: 'application/json' }
  const suffix = passes === 1 ? '' : `-${passes}`
  const put = (name: string, list: readonly unknown[]): Promise<void> =>
    work.put(`${filesFolder(jobId)}${name}${suffix}.json`, JSON.stringify(list, null, 1), options)
  await put('changes', plan.changes)
  await put('gone', plan.gone)
  await writeErrorPages(work, jobId, issues)
}

type Reported = {
  isDry: boolean
  upstream: readonly Upstream[]
  plan: SyncPlan
  issues: readonly ImportIssue[]
  /** What earlier invocations have written, which the plan finds unchanged. */
  before: Written
  written: Written
}

/** What the job tells: counts of devices, and of what else was made. */
export function resultOf({
  isDry,
  upstream,
  plan,
  issues,
  before,
  written,
}: Reported): Record<string, unknown> {
  const { devices, gone, ground, changes } = plan
  const count = (status: string, isGone = false): number =>
    devices.filter((one) => one.status === status && one.wanted.isGone === isGone).length
  const planned: Written = {
    created: count('create'),
    changed: count('change'),
    set_offline: count('change', true),
    related: Object.fromEntries(
      ground.map(({ model, rows }) => [model.name, rows.filter(({ status }) => status === 'create').length]),
    ),
  }
  const made = isDry ? planned : written
  const unchanged = count('unchanged') - before.created - before.changed
  return {
    dry_run: isDry,
    devices: upstream.length,
    created: made.created,
    changed: made.changed,
    unchanged,
    failed: upstream.length - made.created - made.changed - unchanged,
    gone: gone.length,
    set_offline: made.set_offline,
    related: Object.fromEntries(Object.entries(made.related).filter(([, many]) => many > 0)),
    error_count: issues.length,
    errors: issues.slice(0, shownMax),
    changes: changes.slice(0, shownMax),
    gone_devices: gone.slice(0, shownMax),
  }
}
