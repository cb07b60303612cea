import * as z from 'zod'
import { claimJob, finishJob, noteProgress, type Job, type NewJob } from '../core/jobs.ts'
import { filesFolder } from '../core/job-files.ts'
import { AppError } from '../errors.ts'
import type { Actor } from '../model/change.ts'
import { permissionOf, type Model } from '../model/define.ts'
import { bindModel } from '../model/custom-fields.ts'
import type { Engine } from '../model/engine.ts'
import { listRows } from '../model/listing.ts'
import type { Query } from '../model/query.ts'
import { getRow } from '../model/records.ts'
import type { ObjectStore } from '../objects.ts'
import { user } from '../users/models/user.ts'
import { permits } from '../users/permissions.ts'
import { exportRows } from './export-rows.ts'
import { contentTypes, exportFormats, type ExportFormat } from './formats.ts'

const ExportParams = z.object({
  format: z.enum(exportFormats),
  /** The list's own parameters. */
  query: z.record(z.string(), z.array(z.string())),
})

/** What writes a list as a file, when it is more than an answer holds. */
export const exportJob = (
  model: Model,
  { query, format, actor }: { query: Query; format: ExportFormat; actor: Actor },
): NewJob => ({
  name: `Export of ${model.labelPlural.toLowerCase()}`,
  kind: 'export',
  model: model.name,
  params: { format, query: Object.fromEntries([...query].map(([name, texts]) => [name, [...texts]])) },
  actor,
})

/** Carries an export out. Called again after a crash it writes the file anew. @throws AppError `job_taken`, `job_finished` */
export async function runExport(
  { engine, work }: { engine: Engine; work: ObjectStore },
  jobId: number,
  execution: string,
): Promise<void> {
  const job = await claimJob(engine, jobId, execution)
  const model = await bindModel(engine, engine.registry.get(job.model ?? ''))
  const { format, query } = ExportParams.parse(job.params)
  await rejectForbidden(engine, model, job)
  await noteProgress(engine, jobId, { current: 0, total: null, step: 'reading' })
  const { rows, selection, sources } = await listRows(engine, model, new Map(Object.entries(query)), true)
  await noteProgress(engine, jobId, { current: 0, total: rows.length, step: 'writing' })
  const text = await exportRows(sources, model, { rows, selection, format })
  const file = `${model.path}.${format}`
  await work.put(`${filesFolder(jobId)}${file}`, text, { contentType: contentTypes[format] })
  const result = {
    rows: rows.length,
    bytes: Buffer.byteLength(text),
    file,
    link: `/api/core/jobs/${jobId}/files/${file}/`,
  }
  await finishJob(engine, jobId, { state: 'completed', result })
  await noteProgress(engine, jobId, { current: rows.length, total: rows.length, step: 'done' })
}

async function rejectForbidden(engine: Engine, model: Model, { user_id, requested_by }: Job): Promise<void> {
  const asker = user_id === null ? undefined : await getRow(engine, user, user_id)
  const permission = permissionOf(model, 'view')
  if (user_id !== null && (asker === undefined || !permits(asker, permission)))
    throw new AppError('forbidden', `${requested_by} does not have the permission ${permission} any more.`)
}
