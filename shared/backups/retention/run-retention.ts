import * as z from 'zod'
import { mapAhead } from '../../concurrency.ts'
import { filesFolder } from '../../core/job-files.ts'
import { advanceJob, claimJob, finishJob, noteProgress, readJob, rejectEnded } from '../../core/jobs.ts'
import { device } from '../../dcim/models/device.ts'
import type { RowOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import type { ObjectStore } from '../../objects.ts'
import { keys } from '../../table/keys.ts'
import { ConfigVersion } from '../records.ts'
import { policyFor } from './choose.ts'
import { letGo, planDevice, type DeviceRetention } from './let-go.ts'
import { readPins } from './pins.ts'
import { readPolicies } from './policies.ts'
import { sweepObjects, textUseWrite } from './texts.ts'

export type RetentionStores = { engine: Engine; archive: ObjectStore; work: ObjectStore }

const Params = z.object({ dry_run: z.boolean() })
const Journal = z.object({
  /** Devices up to this id are done. */
  after: z.int().default(0),
  devices: z.int().default(0),
  versions: z.int().default(0),
  bytes: z.int().default(0),
  files: z.int().default(0),
  /** This job notes the uses of every text: see `noteUses`. */
  notesUses: z.boolean().optional(),
})
type Journal = z.infer<typeof Journal>

const devicesAhead = 16
const flushMs = 30_000
const progressMs = 1000

/**
 * Lets go what the policies do not keep, or with `dry_run` only tells what would go. Goes through the devices in the
 * order of their ids until the time is up, and notes how far it came: begun again, it goes on there. Which versions
 * went is known of each (`gone-versions`), whatever happens to the job.
 * @param until nothing more is begun after it, in milliseconds since 1970.
 * @throws AppError `job_taken`, `job_finished`
 */
export async function runRetention(
  stores: RetentionStores,
  { jobId, execution }: { jobId: number; execution: string },
  until: number,
): Promise<{ next: 'retention' | 'done' }> {
  const { engine, archive } = stores
  const claimed = await claimJob(engine, jobId, execution)
  const { dry_run: isDry } = Params.parse(claimed.params)
  const journal = Journal.parse(claimed.journal)
  journal.notesUses ??= !isDry && !(await areUsesComplete(engine))
  const isThrough = await passDevices(stores, { jobId, isDry, journal }, until)
  if (!isThrough) return { next: 'retention' }
  if (journal.notesUses)
    await engine.table.write([{ put: { ...keys.textUsesComplete() }, unconditionally: true }])
  const { devices, versions, bytes, files } = journal
  const result = { dry_run: isDry, devices, versions, bytes, files: filesOf(jobId, files) }
  if (isDry) {
    await finishJob(engine, jobId, { state: 'completed', result })
    return { next: 'done' }
  }
  rejectEnded(await readJob(engine, jobId))
  await noteProgress(engine, jobId, { current: null, total: null, step: 'deleting' })
  const { done, ...swept } = await sweepObjects({ table: engine.table, archive, now: engine.now }, until)
  if (!done) return { next: 'retention' }
  const objects = { raw_deleted: swept.raw, texts_deleted: swept.texts, texts_waiting: swept.waiting }
  await finishJob(engine, jobId, { state: 'completed', result: { ...result, ...objects } })
  return { next: 'done' }
}

const areUsesComplete = async ({ table }: Engine): Promise<boolean> =>
  (await table.get(z.object({}), keys.textUsesComplete())) !== undefined

const fileName = (file: number): string => `retention-${file}.csv`
const filesOf = (jobId: number, files: number): string[] =>
  Array.from({ length: files }, (_, index) => `/api/core/jobs/${jobId}/files/${fileName(index + 1)}/`)

type Pass = { jobId: number; isDry: boolean; journal: Journal }

/** @returns false where the time was up before the last device. */
async function passDevices(
  { engine, work }: RetentionStores,
  { jobId, isDry, journal }: Pass,
  until: number,
): Promise<boolean> {
  const [planOf, devices] = await Promise.all([planner(engine), readDevices(engine)])
  const left = devices.filter(({ id }) => id > journal.after)
  const lines: string[] = []
  const [flushed, noted] = [clockOf(engine, flushMs), clockOf(engine, progressMs)]
  const flush = async (): Promise<void> => {
    if (lines.length > 0) await putFile(work, jobId, (journal.files += 1), lines.splice(0))
    await advanceJob(engine, jobId, () => ({ journal: { ...journal } }))
  }
  const outcomes = mapAhead(left, devicesAhead, async (row) => {
    if (engine.now().getTime() > until) return { row, isLate: true }
    if (journal.notesUses === true) await noteUses(engine, row.id)
    const planned = await planOf(row)
    if (planned === undefined || isDry) return { row, planned }
    const by = { jobId, now: engine.now() }
    return { row, planned: { ...planned, going: await letGo(engine.table, planned, by) } }
  })
  let passed = devices.length - left.length
  for await (const { row, planned, isLate } of outcomes) {
    if (isLate === true) {
      await flush()
      return false
    }
    count(journal, row, planned)
    if (planned !== undefined && planned.going.length > 0) lines.push(lineOf(row, planned))
    passed += 1
    if (flushed.isOver()) await flush()
    if (!noted.isOver()) continue
    rejectEnded(await readJob(engine, jobId))
    await noteProgress(engine, jobId, { current: passed, total: devices.length, step: 'choosing' })
  }
  await flush()
  await noteProgress(engine, jobId, { current: passed, total: devices.length, step: 'choosing' })
  return true
}

type DeviceRow = RowOf<typeof device>

async function readDevices(engine: Engine): Promise<DeviceRow[]> {
  const catalog = engine.catalogs.of(device)
  await catalog.refresh()
  // A catalog holds the rows of its own model.
  return ([...catalog.rows.values()] as DeviceRow[]).sort((a, b) => a.id - b.id)
}

/** Reads policies and pins once; a pin that comes later is noticed as a version is let go. */
async function planner(engine: Engine): Promise<(row: DeviceRow) => Promise<DeviceRetention | undefined>> {
  const [policies, pins] = await Promise.all([readPolicies(engine), readPins(engine)])
  return async ({ id, site, platform, tags }) => {
    const policy = policyFor({ siteId: site, platformId: platform ?? undefined, tagIds: tags }, policies)
    if (policy === undefined) return undefined
    const pinned = new Set(pins.get(id)?.keys())
    return planDevice(engine.table, { deviceId: id, policy, pinned }, engine.now())
  }
}

const Stored = ConfigVersion.pick({ deviceId: true, sequence: true, textKey: true })

/** Versions of the time before the uses of texts were written are to be found by their texts too. */
async function noteUses({ table }: Engine, deviceId: number): Promise<void> {
  const range = { partition: keys.configVersions(deviceId), attributes: Object.keys(Stored.shape) }
  for await (const version of table.query(Stored, range)) await table.write([textUseWrite(version)])
}

function count(journal: Journal, { id }: DeviceRow, planned: DeviceRetention | undefined): void {
  const { going = [] } = planned ?? {}
  journal.after = id
  journal.devices += going.length > 0 ? 1 : 0
  journal.versions += going.length
  journal.bytes += going.reduce((sum, { bytes }) => sum + bytes, 0)
}

const columns = 'device_id,device,policy,stored,going,bytes,oldest_kept,oldest_kept_collected'

function lineOf({ id, name }: DeviceRow, { policy, stored, going, oldestKept }: DeviceRetention): string {
  const bytes = going.reduce((sum, one) => sum + one.bytes, 0)
  const { sequence, collectedAt } = oldestKept
  return [id, quoted(name), quoted(policy.name), stored, going.length, bytes, sequence, collectedAt].join(',')
}

/** A spreadsheet takes what begins so for a formula. */
const quoted = (text: string): string =>
  `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`

const putFile = (work: ObjectStore, jobId: number, file: number, lines: readonly string[]): Promise<void> =>
  work.put(`${filesFolder(jobId)}${fileName(file)}`, `${[columns, ...lines].join('\n')}\n`, {
    contentType: 'text/csv; charset=utf-8',
  })

/** @returns true once in so many milliseconds. */
function clockOf({ now }: Engine, everyMs: number): { isOver(): boolean } {
  let last = now().getTime()
  return {
    isOver() {
      const isOver = now().getTime() - last >= everyMs
      if (isOver) last = now().getTime()
      return isOver
    },
  }
}
