import { advanceJob, claimJob, noteProgress, rejectEnded, type Job } from '../core/jobs.ts'
import { AppError } from '../errors.ts'
import { bindModel } from '../model/custom-fields.ts'
import type { Model } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { getRow } from '../model/records.ts'
import type { ObjectStore } from '../objects.ts'
import { user } from '../users/models/user.ts'
import { permits } from '../users/permissions.ts'
import { decodeSource } from './decode.ts'
import { fileIssue } from './issues.ts'
import { jobFolder, readJournal, readParams, type ImportParams } from './job-notes.ts'
import { outcomeOf, writeOutcome, writePlan, type Outcome } from './plan.ts'
import { readCsv } from './read-csv.ts'
import { readJsonSource, readYamlSource } from './read-objects.ts'
import { sourceLimits, type Source } from './source.ts'
import { importPermissions, validateRows } from './validate.ts'

export type ImportStores = { engine: Engine; work: ObjectStore }
export type NextStep = { next: 'apply' | 'report' }

/**
 * The first step of an import: everything is checked, nothing written. Where rows are to be written, what is to be
 * done with them is fixed as a plan. Called again after a crash it finds its plan, or begins anew.
 * @throws AppError `job_taken`, `job_finished`
 */
export async function checkImport(stores: ImportStores, jobId: number, execution: string): Promise<NextStep> {
  const { engine, work } = stores
  const job = await claimJob(engine, jobId, execution)
  const journal = readJournal(job)
  if (journal.outcome !== undefined) return { next: journal.plan === undefined ? 'report' : 'apply' }
  const model = await bindModel(engine, modelOf(engine, job))
  const params = readParams(job)
  await rejectForbidden(engine, model, job)
  await noteProgress(engine, jobId, { current: 0, total: null, step: 'reading' })
  const source = await readSource(work, journal.source, params)
  await noteProgress(engine, jobId, { current: 0, total: source.rows.length, step: 'checking' })
  const validated = await validateRows(engine, model, { source, mode: params.mode, actor: job.actor })
  const outcome = outcomeOf(validated)
  // Of a second attempt another folder: what an attempt that is still alive writes stays its own.
  const prefix = `${jobFolder(jobId)}plan-${job.attempts}/`
  await writeOutcome(work, `${prefix}outcome.json`, outcome)
  const isPlanned = !params.dry_run && isAcceptable(params, outcome)
  const plan = isPlanned
    ? await writePlan(stores, model, { levels: validated.levels, statuses: outcome.statuses, prefix })
    : undefined
  await advanceJob(engine, jobId, (found) => {
    if (found.execution !== execution) throw new AppError('job_taken')
    return {
      journal: { ...journal, outcome: `${prefix}outcome.json`, ...(plan === undefined ? {} : { plan }) },
    }
  })
  return { next: plan === undefined || plan.rows === 0 ? 'report' : 'apply' }
}

/** Whether anything may be written: a fault of the file as a whole stops all, one of a row what the mode says. */
export function isAcceptable(
  { mode }: Pick<ImportParams, 'mode'>,
  { issues }: Pick<Outcome, 'issues'>,
): boolean {
  if (issues.some(({ index }) => index === null)) return false
  return mode === 'skip_bad' || issues.length === 0
}

export function modelOf(engine: Pick<Engine, 'registry'>, { model }: Pick<Job, 'model'>): Model {
  if (model === null) throw new Error('an import of no model')
  return engine.registry.get(model)
}

/** The job may begin long after it was asked for. @throws AppError `forbidden` */
async function rejectForbidden(engine: Engine, model: Model, job: Job): Promise<void> {
  rejectEnded(job)
  if (job.user_id === null) return
  const asker = await getRow(engine, user, job.user_id)
  const needed = importPermissions(model, readParams(job).mode)
  const missing = needed.find((permission) => asker === undefined || !permits(asker, permission))
  if (missing !== undefined)
    throw new AppError('forbidden', `${job.requested_by} does not have the permission ${missing} any more.`)
}

/** Reads a file within bounds. What cannot be read is an issue, never an exception. */
export async function readSource(work: ObjectStore, key: string, params: ImportParams): Promise<Source> {
  const unreadable = (message: string): Source => ({ rows: [], issues: [fileIssue('unreadable', message)] })
  const bytes = await sizeOf(work, key)
  if (bytes === undefined) return unreadable('The file is gone.')
  if (bytes > sourceLimits.bytes)
    return unreadable(`The file has more than ${sourceLimits.bytes} bytes: divide it.`)
  const decoded = await decodeSource((await work.get(key)) ?? new Uint8Array())
  if ('issue' in decoded) return { rows: [], issues: [decoded.issue] }
  if (params.format === 'csv') return readCsv(decoded.text, params.delimiter)
  return params.format === 'json' ? readJsonSource(decoded.text) : readYamlSource(decoded.text)
}

async function sizeOf(work: ObjectStore, key: string): Promise<number | undefined> {
  for await (const object of work.list(key)) if (object.key === key) return object.bytes
  return undefined
}
