import type { NewImport } from '../core/job-routes.ts'
import { startJob, type ControlStores } from '../core/job-control.ts'
import { createJob, type Job, type NewJob } from '../core/jobs.ts'
import { readJobFor } from '../core/show-job.ts'
import { AppError, type Issue } from '../errors.ts'
import type { Model } from '../model/define.ts'
import { noSuch } from '../model/nearest.ts'
import type { Registry } from '../model/registry.ts'
import type { ObjectLinks, ObjectStore } from '../objects.ts'
import type { Caller } from '../users/caller.ts'
import { jobFolder, readJournal, uploadKey, type ImportJournal, type ImportParams } from './job-notes.ts'
import { sourceLimits } from './source.ts'
import { importPermissions } from './validate.ts'

export type RequestStores = ControlStores & { work: ObjectStore; links: ObjectLinks }
export type Upload = { method: 'PUT'; link: string; headers: Record<string, string>; expires: string }

/** An upload may take this long to begin. */
const uploadSeconds = 3600

/**
 * Begins an import: at once where the file is given or known, else as soon as it is uploaded to the link.
 * @throws AppError `validation_failed`, `forbidden`
 */
export async function requestImport(
  stores: RequestStores,
  asked: NewImport,
  caller: Caller,
): Promise<{ job: Job; upload?: Upload }> {
  const { engine, work, links } = stores
  const model = importableModel(engine.registry, asked.model)
  rejectSources(asked)
  for (const permission of importPermissions(model, asked.mode)) {
    if (!caller.can(permission)) throw new AppError('forbidden', `This needs the permission ${permission}.`)
  }
  const id = engine.ids.next()
  const newJob = (journal: ImportJournal): NewJob => ({
    id,
    name: `Import of ${model.labelPlural.toLowerCase()}`,
    kind: 'import',
    model: model.name,
    params: paramsOf(asked),
    journal,
    actor: caller,
    message: asked.message ?? `import job ${id}`,
  })
  if (asked.from_job !== undefined)
    return {
      job: await startJob(
        stores,
        newJob({ source: await earlierSource(stores, asked.from_job, { model, caller }) }),
      ),
    }
  if (asked.text !== undefined) {
    const source = `${jobFolder(id)}source`
    await work.put(source, asked.text)
    return { job: await startJob(stores, newJob({ source })) }
  }
  const job = await createJob(engine, newJob({ source: uploadKey(id), awaitsUpload: true }))
  const size = asked.bytes === undefined ? {} : { bytes: asked.bytes }
  const link = await links.upload(uploadKey(id), { seconds: uploadSeconds, ...size })
  const expires = new Date(engine.now().getTime() + uploadSeconds * 1000).toISOString()
  return { job, upload: { method: 'PUT', link, headers: {}, expires } }
}

/** The models that take files: those that callers may create and change. */
const importableModels = (registry: Registry): Model[] =>
  registry.all.filter(({ verbs }) => verbs.includes('add') && verbs.includes('change'))

function importableModel(registry: Registry, name: string): Model {
  const models = importableModels(registry)
  const found = models.find((model) => model.name === name)
  if (found !== undefined) return found
  const message = registry.has(name)
    ? `${name} is not written by callers.`
    : noSuch(
        'model',
        name,
        models.map((model) => model.name),
      )
  throw invalid([{ path: 'model', message }])
}

const invalid = (issues: readonly Issue[]): AppError =>
  new AppError('validation_failed', issues[0]?.message, { issues })

function rejectSources({ text, from_job, bytes, format, delimiter }: NewImport): void {
  const issues: Issue[] = []
  if (text !== undefined && from_job !== undefined)
    issues.push({ path: 'text', message: 'Either a text or an earlier job is expected, not both.' })
  if (bytes !== undefined && (text !== undefined || from_job !== undefined))
    issues.push({ path: 'bytes', message: 'Only an upload has a size beforehand.' })
  if (bytes !== undefined && bytes > sourceLimits.bytes)
    issues.push({ path: 'bytes', message: `A file has at most ${sourceLimits.bytes} bytes: divide it.` })
  if (delimiter !== undefined && format !== undefined && format !== 'csv')
    issues.push({ path: 'delimiter', message: 'Only CSV has a delimiter.' })
  if (issues.length > 0) throw invalid(issues)
}

function paramsOf({ format, mode, dry_run, delimiter, filename, from_job }: NewImport): ImportParams {
  return {
    format: format ?? formatOf(filename),
    mode,
    dry_run,
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(filename === undefined ? {} : { filename }),
    ...(from_job === undefined ? {} : { from_job }),
  }
}

function formatOf(filename = ''): ImportParams['format'] {
  const ending = filename.toLowerCase().replace(/\.gz$/, '').split('.').at(-1)
  if (ending === 'yml' || ending === 'yaml') return 'yaml'
  return ending === 'json' ? 'json' : 'csv'
}

async function earlierSource(
  { engine }: RequestStores,
  jobId: number,
  { model, caller }: { model: Model; caller: Caller },
): Promise<string> {
  const earlier = await readJobFor(engine, jobId, caller, 'view')
  if (earlier.kind !== 'import' || earlier.model !== model.name)
    throw invalid([{ path: 'from_job', message: `Job ${jobId} is not an import of ${model.name}.` }])
  const { source, awaitsUpload } = readJournal(earlier)
  if (awaitsUpload === true)
    throw invalid([{ path: 'from_job', message: `The file of job ${jobId} was not uploaded yet.` }])
  return source
}
