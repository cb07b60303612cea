import * as z from 'zod'
import { startJob, type ControlStores } from '../../core/job-control.ts'
import { createJob, type Job, type NewJob } from '../../core/jobs.ts'
import { readJobFor } from '../../core/show-job.ts'
import { AppError } from '../../errors.ts'
import { uploadKey } from '../../imports/job-notes.ts'
import type { ObjectLinks } from '../../objects.ts'
import type { Caller } from '../../users/caller.ts'
import type { NewHistoryImport } from './routes.ts'

const kind = 'history_import'

/** What was asked for; shown with the job. */
export const HistoryParams = z.object({
  dry_run: z.boolean(),
  branch: z.string().optional(),
  paths: z.record(z.string(), z.int().nullable()).default({}),
  from_job: z.int().optional(),
})
export type HistoryParams = z.infer<typeof HistoryParams>

const Source = z.object({ source: z.string(), awaitsUpload: z.boolean().default(false) })

/** An upload may take this long to begin. */
const uploadSeconds = 3600

type Upload = { method: 'PUT'; link: string; headers: Record<string, string>; expires: string }

/**
 * Begins an import of a history: at once where an earlier job has its file, else as soon as it is uploaded to the link.
 * @throws AppError `validation_failed`; `not_found`
 */
export async function requestHistoryImport(
  stores: ControlStores & { links: ObjectLinks },
  { bytes, ...asked }: NewHistoryImport,
  caller: Caller,
): Promise<{ job: Job; upload?: Upload }> {
  const { engine, links } = stores
  const id = engine.ids.next()
  const newJob = (journal: z.input<typeof Source>): NewJob => ({
    id,
    name: asked.dry_run ? 'What a history would bring' : 'Import of a history',
    kind,
    params: asked,
    journal,
    actor: caller,
  })
  if (asked.from_job !== undefined) {
    const { source } = await earlierSource(stores, asked.from_job, caller)
    return { job: await startJob(stores, newJob({ source })) }
  }
  const job = await createJob(engine, newJob({ source: uploadKey(id), awaitsUpload: true }))
  const size = bytes === undefined ? {} : { bytes }
  const link = await links.upload(uploadKey(id), { seconds: uploadSeconds, ...size })
  const expires = new Date(engine.now().getTime() + uploadSeconds * 1000).toISOString()
  return { job, upload: { method: 'PUT', link, headers: {}, expires } }
}

async function earlierSource(
  { engine }: ControlStores,
  jobId: number,
  caller: Caller,
): Promise<z.output<typeof Source>> {
  const earlier = await readJobFor(engine, jobId, caller, 'view')
  const source = earlier.kind === kind ? Source.parse(earlier.journal) : undefined
  if (source !== undefined && !source.awaitsUpload) return source
  const message =
    source === undefined
      ? `Job ${jobId} is no import of a history.`
      : `The file of job ${jobId} was not uploaded yet.`
  throw new AppError('validation_failed', message, { issues: [{ path: 'from_job', message }] })
}
