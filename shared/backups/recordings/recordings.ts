import { readJob } from '../../core/jobs.ts'
import { AppError } from '../../errors.ts'
import type { Engine } from '../../model/engine.ts'
import type { ObjectStore } from '../../objects.ts'
import { partOf } from '../answer-part.ts'

/** Files of recorded sessions in the work bucket, from which everything goes after a month. */
export const recordingPrefix = 'recordings/'
export const recordingKey = (jobId: number): string => `${recordingPrefix}${jobId}.json`

/** As `tests/platforms/` names its sessions, so that the file can be dropped in. */
export const recordingFile = (model: string, device: string): string =>
  `${safe(model) || 'unknown'}#${safe(device)}#session.json`

/** Names of devices may hold anything; a file's name is also that of a header. */
const safe = (text: string): string =>
  text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 100)

/** @throws AppError `not_found` where the job recorded nothing, or its file has gone; `too_large` */
export async function readRecording(
  { engine, work }: { engine: Engine; work: ObjectStore },
  jobId: number,
  wanted: { offset: number; bytes?: number | undefined },
): Promise<{ name: string; part: Uint8Array; total: number }> {
  const { kind, result } = await readJob(engine, jobId)
  const name = kind === 'record_session' ? result?.['file'] : undefined
  const file = typeof name === 'string' ? await work.get(recordingKey(jobId)) : undefined
  if (typeof name !== 'string' || file === undefined)
    throw new AppError('not_found', `Job ${jobId} has no recorded session, or it has gone.`)
  return { name, part: partOf(file, wanted), total: file.length }
}
