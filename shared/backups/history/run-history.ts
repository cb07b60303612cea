import * as z from 'zod'
import { claimJob, finishJob, noteProgress, readJob, rejectEnded, advanceJob } from '../../core/jobs.ts'
import { AppError } from '../../errors.ts'
import type { Engine } from '../../model/engine.ts'
import type { ObjectStore } from '../../objects.ts'
import { readInventory } from '../runs/inventory.ts'
import { openKeyring, type KeyService } from '../keyring.ts'
import { chooseBranch, readBundle, refused } from './bundle.ts'
import { deviceFiles, type DeviceFiles, type UnmatchedFile } from './device-files.ts'
import { importDevice, type DeviceReport } from './import-device.ts'
import { pathMatcher } from './match-paths.ts'
import { openRepository, type Repository } from './repository.ts'
import { historyFiles } from './report-files.ts'
import { HistoryParams } from './request-history.ts'

export type HistoryStores = {
  engine: Engine
  archive: ObjectStore
  work: ObjectStore
  keyService: KeyService
}

const Journal = z.object({
  source: z.string(),
  /** Devices up to this id are done. */
  after: z.int().default(0),
  devices: z.int().default(0),
  found: z.int().default(0),
  versions: z.int().default(0),
  secrets: z.int().default(0),
  first: z.string().optional(),
  last: z.string().optional(),
  files: z.int().default(0),
})
type Journal = z.infer<typeof Journal>

const progressMs = 1000
const flushMs = 30_000
const unmatchedShown = 100

/**
 * Imports the configurations of another repository as old versions of devices, or with `dry_run` only tells what there
 * is. Goes through the devices in the order of their ids until the time is up, and notes how far it came; what is stored
 * is known of each device, so it may be begun again at any place, and the same history again stores nothing.
 * @param until no transaction is begun after it, in milliseconds since 1970.
 * @throws AppError `job_taken`, `job_finished`
 */
export async function runHistoryImport(
  stores: HistoryStores,
  { jobId, execution }: { jobId: number; execution: string },
  until: number,
): Promise<{ next: 'history' | 'done' }> {
  const { engine, work } = stores
  const claimed = await claimJob(engine, jobId, execution)
  const params = HistoryParams.parse(claimed.params)
  const journal = Journal.parse(claimed.journal)
  try {
    const read = await readHistory(stores, { jobId, params, source: journal.source })
    const isThrough = await passDevices(stores, { jobId, params, journal, ...read }, until)
    if (!isThrough) return { next: 'history' }
    const { unmatched, branch, commits } = read
    const files = await historyFiles(work, jobId).close(journal.files, unmatched)
    await finishJob(engine, jobId, {
      state: 'completed',
      result: { dry_run: params.dry_run, branch, commits, ...resultOf(journal, unmatched), files },
    })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'validation_failed') throw error
    // The file's fault, not ours.
    await finishJob(engine, jobId, { state: 'failed', error: error.message })
    return { next: 'done' }
  }
  // It holds what devices keep secret, in the clear.
  if (!params.dry_run) await work.delete([journal.source, indexKey(jobId)])
  return { next: 'done' }
}

type ReadHistory = {
  repository: Repository
  branch: string
  commits: number
  devices: DeviceFiles[]
  unmatched: UnmatchedFile[]
  inventory: Awaited<ReturnType<typeof readInventory>>
}

const indexKey = (jobId: number): string => `jobs/${jobId}/pack.idx`

async function readHistory(
  { engine, work }: HistoryStores,
  { jobId, params, source }: { jobId: number; params: HistoryParams; source: string },
): Promise<ReadHistory> {
  const step = (name: string, current: number, total: number | null): Promise<void> =>
    noteProgress(engine, jobId, { step: name, current, total })
  await step('reading', 0, null)
  const bytes = await work.get(source)
  if (bytes === undefined) throw refused('The file is not there any more: upload it again.')
  const bundle = readBundle(bytes)
  const { branch, tip } = chooseBranch(bundle, params.branch)
  const index = await work.get(indexKey(jobId))
  const repository = await openRepository(bundle, index)
  if (index === undefined) await work.put(indexKey(jobId), repository.index)
  const [commits, inventory] = await Promise.all([repository.commits(tip), readInventory(engine)])
  const noted = clockOf(engine, progressMs)
  const gathered = await deviceFiles(
    repository,
    commits,
    pathMatcher(inventory.devices, params.paths),
    async (done) => {
      if (!noted.isOver()) return
      rejectEnded(await readJob(engine, jobId))
      await step('reading commits', done, commits.length)
    },
  )
  return { repository, branch, commits: commits.length, inventory, ...gathered }
}

type Pass = ReadHistory & { jobId: number; params: HistoryParams; journal: Journal }

/** @returns false where the time was up before the last device. */
async function passDevices(stores: HistoryStores, pass: Pass, until: number): Promise<boolean> {
  const { engine, work } = stores
  const { jobId, journal, devices, params } = pass
  const files = historyFiles(work, jobId)
  const keyring = await openKeyring(engine.table, stores.keyService)
  const [noted, flushed] = [clockOf(engine, progressMs), clockOf(engine, flushMs)]
  const reports: DeviceReport[] = []
  const step = params.dry_run ? 'comparing' : 'storing'
  const progress = async (): Promise<void> => {
    rejectEnded(await readJob(engine, jobId))
    const current = devices.filter(({ deviceId }) => deviceId <= journal.after).length
    await noteProgress(engine, jobId, { current, total: devices.length, step })
  }
  const flush = async (): Promise<void> => {
    if (reports.length > 0) await files.putDevices((journal.files += 1), reports.splice(0))
    await advanceJob(engine, jobId, () => ({ journal: { ...journal } }))
  }
  const isLate = async (): Promise<boolean> => {
    if (noted.isOver()) await progress()
    return engine.now().getTime() > until
  }
  const { repository, inventory } = pass
  const importer = { ...stores, keyring, repository, inventory, jobId, isDry: params.dry_run }
  for (const device of devices.filter(({ deviceId }) => deviceId > journal.after)) {
    const report = await importDevice(importer, device, isLate)
    count(journal, report)
    // What is left of it is found by what is stored: the next pass counts the rest.
    if (report.isCutShort) {
      await flush()
      return false
    }
    reports.push(report)
    journal.after = device.deviceId
    if (flushed.isOver()) await flush()
    if ((await isLate()) && device !== devices.at(-1)) {
      await flush()
      return false
    }
  }
  await flush()
  await progress()
  return true
}

function count(journal: Journal, { found, versions, secrets, first, last, isCutShort }: DeviceReport): void {
  journal.versions += versions
  if (isCutShort) return
  journal.devices += 1
  journal.found += found
  journal.secrets += secrets
  if (first !== undefined && (journal.first === undefined || first < journal.first)) journal.first = first
  if (last !== undefined && (journal.last === undefined || last > journal.last)) journal.last = last
}

const resultOf = (
  { devices, found, versions, secrets, first, last }: Journal,
  unmatched: readonly UnmatchedFile[],
) => ({
  devices,
  found,
  versions,
  secrets,
  first: first ?? null,
  last: last ?? null,
  unmatched: unmatched.length,
  unmatched_paths: unmatched.slice(0, unmatchedShown).map(({ path }) => path),
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
