import { AppError } from '../errors.ts'
import type { Engine } from '../model/engine.ts'
import { permissionOf, type Verb } from '../model/define.ts'
import { readLive } from '../model/live.ts'
import { show, type Links, type Shown } from '../model/output.ts'
import { publicRow } from '../model/rows.ts'
import type { Caller } from '../users/caller.ts'
import { readJob, type Job } from './jobs.ts'
import { job } from './models/job.ts'

/** A job as the API shows it. */
export async function showJob(engine: Engine, links: Links, found: Job): Promise<Shown> {
  const row = publicRow(job, found)
  const live = await readLive(engine, job, [row], () => false)
  return show({ registry: engine.registry, links, known: new Map(), live }, job, row)
}

/** Who asked for a job may see and stop it; others need the permission. @throws AppError `not_found`, `forbidden` */
export async function readJobFor(engine: Engine, id: number, caller: Caller, verb: Verb): Promise<Job> {
  const found = await readJob(engine, id)
  const permission = permissionOf(job, verb)
  if (found.user_id !== caller.userId && !caller.can(permission))
    throw new AppError('forbidden', `This needs the permission ${permission}.`)
  return found
}
