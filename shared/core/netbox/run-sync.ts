import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { openKeyring, openText, type KeyService } from '../../backups/keyring.ts'
import { device } from '../../dcim/models/device.ts'
import { AppError } from '../../errors.ts'
import { importPermissions } from '../../imports/validate.ts'
import type { Engine } from '../../model/engine.ts'
import { getRow } from '../../model/records.ts'
import type { ObjectStore } from '../../objects.ts'
import { keys } from '../../table/keys.ts'
import { user } from '../../users/models/user.ts'
import { permits } from '../../users/permissions.ts'
import { advanceJob, claimJob, finishJob, noteProgress, writeOptionsOf, type Job } from '../jobs.ts'
import { netboxSource } from '../models/netbox-source.ts'
import { applySync, nothing, sumOf, Written } from './apply-sync.ts'
import { NetboxError } from './netbox-error.ts'
import { groundModels } from './plan-ground.ts'
import { planSync, type Source, type SyncPlan } from './plan-sync.ts'
import { readDevices } from './read-devices.ts'
import { resultOf, writeSyncFiles } from './report-sync.ts'
import { SyncParams } from './sync-job.ts'
import type { Upstream } from './upstream.ts'

export type SyncStores = { engine: Engine; work: Pick<ObjectStore, 'put'>; keyService: KeyService }

/** What a sync keeps with its job, unseen. `passes`: how often it has begun to write. */
const Journal = z.object({ written: Written.default(nothing), passes: z.int().default(0) })

type Begun = { job: Job; source: Source; upstream: Upstream[] }

/**
 * Reads a NetBox, plans, and writes where it is no dry run. Begun again, also after a crash, it reads and plans anew:
 * what was written before is then unchanged.
 * @param until when to stop, in milliseconds since 1970.
 * @returns whether nothing is left to do. @throws AppError `job_taken`, `job_finished`, `forbidden`
 */
export async function runSync(
  stores: SyncStores,
  { jobId, execution }: { jobId: number; execution: string },
  until: number,
): Promise<boolean> {
  const { engine } = stores
  const job = await claimJob(engine, jobId, execution)
  await rejectForbidden(engine, job)
  const source = await getRow(engine, netboxSource, SyncParams.parse(job.params).source)
  const fail = async (error: string): Promise<true> => {
    await finishJob(engine, jobId, { state: 'failed', error })
    return true
  }
  if (source === undefined) return fail('the source was deleted')
  await noteProgress(engine, jobId, { current: 0, total: null, step: 'reading' })
  try {
    const upstream = await readSource(stores, source, until)
    return await syncFrom(stores, { job, source, upstream }, until)
  } catch (cause) {
    if (cause instanceof NetboxError) return fail(`${cause.reason}: ${cause.message}`)
    throw cause
  }
}

async function readSource({ engine, keyService }: SyncStores, source: Source, until: number) {
  const Sealed = z.object({ token: z.string().nullish() })
  const sealed = await engine.table.get(Sealed, keys.entity(netboxSource.name, source.id))
  const token =
    sealed?.token == null ? undefined : openText(await openKeyring(engine.table, keyService), sealed.token)
  return readDevices({ ...source, token: await token }, { until, now: engine.now, pause: (ms) => sleep(ms) })
}

async function syncFrom(
  { engine, work }: SyncStores,
  { job, source, upstream }: Begun,
  until: number,
): Promise<boolean> {
  const { dry_run: isDry } = SyncParams.parse(job.params)
  const journal = Journal.parse(job.journal)
  const total = upstream.length
  await noteProgress(engine, job.id, { current: 0, total, step: 'checking' })
  const plan = await planSync(engine, { source, upstream, actor: job.actor })
  rejectEmpty(source, upstream, plan)
  const passes = journal.passes + 1
  let { written } = journal
  let issues = plan.issues
  if (!isDry) {
    // What changes is kept before anything does.
    await writeSyncFiles(work, job.id, { plan, issues, passes })
    await advanceJob(engine, job.id, () => ({ journal: { written, passes } }))
    const { isDone, failures } = await applySync(engine, {
      source,
      plan,
      options: writeOptionsOf(job),
      hasTime: () => engine.now().getTime() < until,
      async note(more) {
        written = sumOf(written, more)
        await advanceJob(engine, job.id, () => ({ journal: { written, passes } }))
        const current = written.created + written.changed
        await noteProgress(engine, job.id, { current, total, step: 'writing' })
      },
    })
    if (!isDone) return false
    issues = [...issues, ...failures]
  }
  await writeSyncFiles(work, job.id, { plan, issues, passes })
  const result = resultOf({ isDry, upstream, plan, issues, before: journal.written, written })
  await finishJob(engine, job.id, { state: 'completed', result })
  await noteProgress(engine, job.id, { current: total, total, step: 'done' })
  return true
}

/** A filter with a typo, or a token that sees nothing, must not put a network offline. @throws NetboxError */
function rejectEmpty(source: Source, upstream: readonly Upstream[], { gone }: SyncPlan): void {
  if (upstream.length > 0 || gone.length === 0 || source.gone === 'report') return
  throw new NetboxError(
    'bad_filter',
    `NetBox lists no device at all, and ${gone.length} would be set offline: nothing was changed`,
  )
}

/** The job may begin long after it was asked for. @throws AppError `forbidden` */
async function rejectForbidden(engine: Engine, job: Job): Promise<void> {
  if (job.user_id === null || SyncParams.parse(job.params).dry_run) return
  const asker = await getRow(engine, user, job.user_id)
  const needed = [
    ...groundModels.flatMap((model) => importPermissions(model, 'only_new')),
    ...importPermissions(device, 'skip_bad'),
  ]
  const missing = needed.find((permission) => asker === undefined || !permits(asker, permission))
  if (missing !== undefined)
    throw new AppError('forbidden', `${job.requested_by} does not have the permission ${missing}.`)
}
