import { AppError } from '../errors.ts'
import type { ObjectLinks, ObjectStore } from '../objects.ts'
import type { Engine } from '../model/engine.ts'

type Stores = { engine: Pick<Engine, 'now'>; work: ObjectStore; links: ObjectLinks }
export type JobFile = { name: string; bytes: number; link: string; expires: string }

/** A link goes from hand to hand: it works no longer than a download takes to begin. */
const linkSeconds = 900

/** Files of a job that callers may have, in the work bucket. */
export const filesFolder = (jobId: number): string => `jobs/${jobId}/files/`

export async function jobFiles({ engine, work, links }: Stores, jobId: number): Promise<JobFile[]> {
  const folder = filesFolder(jobId)
  const expires = new Date(engine.now().getTime() + linkSeconds * 1000).toISOString()
  const files: JobFile[] = []
  for await (const { key, bytes } of work.list(folder)) {
    const name = key.slice(folder.length)
    files.push({ name, bytes, link: await links.download(key, { seconds: linkSeconds, name }), expires })
  }
  return files
}

/** @throws AppError `not_found` */
export async function jobFileLink({ work, links }: Stores, jobId: number, name: string): Promise<string> {
  const key = `${filesFolder(jobId)}${name}`
  if (!(await work.exists(key))) throw new AppError('not_found', `Job ${jobId} has no file ${name}.`)
  return links.download(key, { seconds: linkSeconds, name })
}
