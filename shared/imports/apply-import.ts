import { noteProgress, notesExpireAt, readJob, rejectEnded, writeOptionsOf, type Job } from '../core/jobs.ts'
import type { Engine } from '../model/engine.ts'
import { presenceCount } from '../model/registry.ts'
import { targetsOf } from '../model/references.ts'
import type { Model } from '../model/define.ts'
import { keys } from '../table/keys.ts'
import { applyPart } from './apply-part.ts'
import { modelOf, type ImportStores } from './check-import.ts'
import { readJournal, type PartNote } from './job-notes.ts'
import { readPart, type PlanManifest } from './plan.ts'
import { partNotes, type NumberedNote } from './part-notes.ts'

/** Parts written at the same time. */
const lanesMax = 4
const lookEveryMs = 1500

/**
 * Writes what the plan says and is not noted as done, until all is done or the time is up.
 * @param until when to stop, in milliseconds since 1970; the next call goes on.
 * @throws AppError `job_finished` once someone has cancelled the job.
 */
export async function applyImport(
  stores: ImportStores,
  jobId: number,
  until: number,
): Promise<{ next: 'apply' | 'report' }> {
  const { engine } = stores
  const job = await readJob(engine, jobId)
  rejectEnded(job)
  const { plan } = readJournal(job)
  if (plan === undefined) return { next: 'report' }
  const notes = new Map((await partNotes(engine.table, jobId)).map(({ part, note }) => [part, note]))
  const watch = createWatch(engine, { job, plan, notes })
  let first = 0
  for (const parts of plan.levels) {
    const left = Array.from({ length: parts }, (_, at) => first + at).filter((part) => !notes.has(part))
    first += parts
    await inLanes(left, lanesOf(engine, modelOf(engine, job)), async (part, lane) => {
      if (engine.now().getTime() >= until) return
      await watch.look()
      const note = await writePart(stores, job, { plan, part, lane })
      notes.set(part, note)
    })
    if (left.some((part) => !notes.has(part))) return { next: 'apply' }
  }
  await watch.note()
  return { next: 'report' }
}

/** A parent with one presence item lets one writer at a time attach to it. */
function lanesOf(engine: Engine, model: Model): number {
  const isNarrow = targetsOf(engine.registry, model, () => true).some(
    (target) => presenceCount(engine.registry.get(target)) === 1,
  )
  return isNarrow ? 1 : lanesMax
}

async function writePart(
  { engine, work }: ImportStores,
  job: Job,
  { plan, part, lane }: { plan: PlanManifest; part: number; lane: number },
): Promise<PartNote> {
  const rows = await readPart(work, plan.prefix, part)
  const model = modelOf(engine, job)
  // Writers of different lanes check different presence items of the parents they share.
  const own: Engine = { ...engine, random: () => lane / (1 << 20) }
  const note = await applyPart(own, model, { rows, options: writeOptionsOf(job) })
  const item: NumberedNote = { part, note }
  await engine.table.write([
    {
      put: { ...keys.jobPart(job.id, part), ...item, expiresAt: notesExpireAt(engine.now()) },
      unconditionally: true,
    },
  ])
  return note
}

/** Now and then tells how far it is, and asks whether it is still wanted. */
function createWatch(
  engine: Engine,
  { job, plan, notes }: { job: Job; plan: PlanManifest; notes: ReadonlyMap<number, PartNote> },
) {
  let lookedAt = 0
  const note = async (): Promise<void> => {
    const current = [...notes.values()].reduce(
      (sum, { created, changed, failures }) => sum + created + changed + failures.length,
      0,
    )
    await noteProgress(engine, job.id, { current, total: plan.rows, step: 'writing' })
  }
  return {
    note,
    async look(): Promise<void> {
      if (engine.now().getTime() < lookedAt + lookEveryMs) return
      lookedAt = engine.now().getTime()
      rejectEnded(await readJob(engine, job.id))
      await note()
    },
  }
}

async function inLanes(
  parts: readonly number[],
  lanes: number,
  work: (part: number, lane: number) => Promise<void>,
): Promise<void> {
  const queue = [...parts]
  const run = async (lane: number): Promise<void> => {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) await work(part, lane)
  }
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)))
}
