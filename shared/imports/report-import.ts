import { contentTypes } from '../exports/formats.ts'
import { changeJob, finishJob, noteProgress, readJob, type Job, type JobEnd } from '../core/jobs.ts'
import type { Model } from '../model/define.ts'
import { annotate, type Annotation } from './annotate.ts'
import { isAcceptable, modelOf, readSource, type ImportStores } from './check-import.ts'
import type { LineStatus } from './entries.ts'
import type { ImportIssue } from './issues.ts'
import { readJournal, readParams, type ImportParams } from './job-notes.ts'
import { filesFolder } from '../core/job-files.ts'
import { partNotes } from './part-notes.ts'
import { readOutcome, type Outcome } from './plan.ts'
import { writeErrorPages } from './error-pages.ts'

/** Errors that the job itself holds; all of them are in its error list and in its files. */
const shownErrorsMax = 100

const doneWords = { create: 'created', change: 'changed' } as const

/**
 * The last step: writes the annotated file and the list of all errors, and ends the job with its counts. The error
 * list and files of a job can be read as long as the job is there.
 */
export async function reportImport(stores: ImportStores, jobId: number): Promise<void> {
  const { engine } = stores
  const job = await readJob(engine, jobId)
  const params = readParams(job)
  const journal = readJournal(job)
  if (journal.outcome === undefined) throw new Error(`job ${jobId} was not checked`)
  const outcome = await readOutcome(stores.work, journal.outcome)
  const notes = await partNotes(engine.table, jobId)
  await noteProgress(engine, jobId, {
    current: outcome.statuses.length,
    total: outcome.statuses.length,
    step: 'reporting',
  })
  const failures = notes.flatMap(({ note }) => note.failures)
  const issues = inOrder([...outcome.issues, ...failures])
  await writeFiles(stores, job, { outcome, issues, isWritten: journal.plan !== undefined })
  const done = {
    created: sum(notes, ({ note }) => note.created),
    changed: sum(notes, ({ note }) => note.changed),
    failed: failures.length,
  }
  const end = endOf(params, outcome, { issues, done })
  await finishJob(engine, jobId, end)
  await noteProgress(engine, jobId, {
    current: outcome.statuses.length,
    total: outcome.statuses.length,
    step: 'done',
  })
}

/** Counts of an import that was stopped before its end. */
export async function noteStopped({ engine, work }: ImportStores, jobId: number): Promise<void> {
  const job = await readJob(engine, jobId)
  const journal = readJournal(job)
  const notes = await partNotes(engine.table, jobId)
  if (journal.outcome === undefined || journal.plan === undefined) return
  const outcome = await readOutcome(work, journal.outcome)
  const failures = notes.flatMap(({ note }) => note.failures)
  const done = {
    created: sum(notes, ({ note }) => note.created),
    changed: sum(notes, ({ note }) => note.changed),
    failed: failures.length,
  }
  const { result } = endOf(readParams(job), outcome, {
    issues: inOrder([...outcome.issues, ...failures]),
    done,
  })
  await changeJob(engine, jobId, () => ({ result: { ...result, stopped: true } }))
}

const sum = <T>(list: readonly T[], valueOf: (one: T) => number): number =>
  list.reduce((total, one) => total + valueOf(one), 0)

/** As they stand in the file; what is about the file as a whole comes first. */
const inOrder = (issues: readonly ImportIssue[]): ImportIssue[] =>
  issues.toSorted((a, b) => (a.index ?? -1) - (b.index ?? -1))

type Done = { created: number; changed: number; failed: number }

function endOf(
  params: ImportParams,
  outcome: Outcome,
  { issues, done }: { issues: readonly ImportIssue[]; done: Done },
): JobEnd & { result: Record<string, unknown> } {
  const count = (status: LineStatus): number => outcome.statuses.filter((one) => one === status).length
  const isRefused = !isAcceptable(params, outcome)
  const isHalf = done.failed > 0 && params.mode !== 'skip_bad'
  const codes: Record<string, number> = {}
  for (const { code } of issues) codes[code] = (codes[code] ?? 0) + 1
  const result = {
    valid: issues.length === 0,
    applied: !params.dry_run && !isRefused,
    rows: outcome.statuses.length,
    create: count('create'),
    change: count('change'),
    unchanged: count('unchanged'),
    skipped: count('skipped'),
    bad_rows: count('error'),
    ...done,
    error_count: issues.length,
    error_codes: codes,
    errors: issues.slice(0, shownErrorsMax),
  }
  if (params.dry_run) return { state: 'completed', result }
  if (isRefused) return { state: 'failed', result, error: `${issues.length} errors: nothing was written.` }
  if (isHalf)
    return {
      state: 'failed',
      result,
      error: `${done.failed} rows were changed or taken by others meanwhile.`,
    }
  return { state: 'completed', result }
}

async function writeFiles(
  { engine, work }: ImportStores,
  job: Job,
  { outcome, issues, isWritten }: { outcome: Outcome; issues: readonly ImportIssue[]; isWritten: boolean },
): Promise<void> {
  const params = readParams(job)
  const source = await readSource(work, readJournal(job).source, params)
  const byRow = Map.groupBy(issues, ({ index }) => index ?? -1)
  const annotations = outcome.statuses.map((status, index): Annotation => {
    const own = byRow.get(index) ?? []
    return { status: own.length > 0 ? 'error' : wordOf(status, isWritten), issues: own }
  })
  const secrets = secretColumns(modelOf(engine, job))
  const text = await annotate(source, params.format, { annotations, secrets })
  await work.put(`${filesFolder(job.id)}annotated.${params.format}`, text, {
    contentType: contentTypes[params.format],
  })
  await writeErrorPages(work, job.id, issues)
}

const wordOf = (status: LineStatus, isWritten: boolean): string =>
  isWritten && (status === 'create' || status === 'change') ? doneWords[status] : status

const secretColumns = (model: Model): ReadonlySet<string> =>
  new Set(Object.entries(model.fields).flatMap(([name, { kind }]) => (kind === 'secret' ? [name] : [])))
