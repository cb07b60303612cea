import type { Job, NewJob } from '../core/jobs.ts'
import { AppError } from '../errors.ts'
import { exportFormats, type ExportFormat } from '../exports/formats.ts'
import { bindModel } from '../model/custom-fields.ts'
import type { Model } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { listRows } from '../model/listing.ts'
import type { Query } from '../model/query.ts'
import { nearest } from '../model/nearest.ts'
import type { Caller } from '../users/caller.ts'
import type { HttpRequest, Reply } from './request.ts'

export type ExportCall = {
  engine: Engine
  model: Model
  request: HttpRequest
  caller: Caller
  startJob: (asked: NewJob) => Promise<Job>
}

/** Bytes of a file that an answer holds: a Lambda's is 6 MB, with everything around it. */
const answerBytesMax = 4_000_000
/** More rows than this are not rendered just to find out. YAML is ten times as slow to write. */
const answerRowsMax = { csv: 30_000, json: 30_000, yaml: 3000 } as const satisfies Record<
  ExportFormat,
  number
>

const acceptedTypes: Readonly<Record<string, ExportFormat>> = {
  'text/csv': 'csv',
  'application/yaml': 'yaml',
  'application/x-yaml': 'yaml',
}

/** The format of a list that is asked for as a file: `?export=csv`, `?format=csv` or `Accept: text/csv`. */
export function exportFormat({ query, headers }: HttpRequest): ExportFormat | undefined {
  const asked = query.get('export')
  if (asked !== undefined) {
    const format = exportFormats.find((one) => asked.length === 1 && one === asked[0])
    if (format !== undefined) return format
    const offered = nearest(asked[0] ?? '', exportFormats)
    const message = `One of ${(offered.length > 0 ? offered : exportFormats).join(', ')} is expected, once.`
    throw new AppError('validation_failed', message, { issues: [{ path: 'export', message }] })
  }
  // `format=json` is what clients of the API send for its own pages.
  const format = query.get('format')?.at(-1)
  if (format === 'csv' || format === 'yaml') return format
  return acceptedTypes[(headers['accept'] ?? '').split(/[,;]/)[0]?.trim().toLowerCase() ?? '']
}

/** The whole list as a file, or a job that writes it where it is too large for an answer. */
export async function replyExport(call: ExportCall, format: ExportFormat): Promise<Reply> {
  const { engine, request } = call
  const model = await bindModel(engine, call.model)
  const query: Query = new Map([...request.query].filter(([name]) => name !== 'export' && name !== 'format'))
  const { rows, selection, sources } = await listRows(engine, model, query, true)
  if (rows.length > answerRowsMax[format]) return replyJob(call, query, format)
  // Seldom needed, and the libraries that write files are loaded with it.
  const { exportRows } = await import('../exports/export-rows.ts')
  const text = await exportRows(sources, model, { rows, selection, format })
  if (Buffer.byteLength(JSON.stringify(text)) > answerBytesMax) return replyJob(call, query, format)
  const { contentTypes } = await import('../exports/formats.ts')
  return {
    status: 200,
    headers: {
      'content-type': contentTypes[format],
      'content-disposition': `attachment; filename="${model.path}.${format}"`,
    },
    body: text,
  }
}

async function replyJob(call: ExportCall, query: Query, format: ExportFormat): Promise<Reply> {
  const { engine, model, request, caller } = call
  const { exportJob } = await import('../exports/export-job.ts')
  const { showJob } = await import('../core/show-job.ts')
  const started = await call.startJob(exportJob(model, { query, format, actor: caller }))
  const shown = await showJob(engine, request.links, started)
  return { status: 202, headers: { location: String(shown['url']) }, body: shown }
}
