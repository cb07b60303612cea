import * as z from 'zod'
import type { NewJob } from '../../core/jobs.ts'
import { AppError } from '../../errors.ts'
import type { Actor } from '../../model/change.ts'
import type { Engine } from '../../model/engine.ts'
import { getRow } from '../../model/records.ts'
import { gitRemote } from '../models/git-remote.ts'

export const PushParams = z.object({ remote: z.int() })

/** A push now, as a job: the API cannot open the token. One that is switched off is pushed to all the same. @throws AppError `not_found` */
export async function pushJob(engine: Engine, id: number, actor: Actor): Promise<NewJob> {
  const found = await getRow(engine, gitRemote, id)
  if (found === undefined) throw new AppError('not_found', `There is no git remote ${id}.`)
  const params: z.infer<typeof PushParams> = { remote: id }
  return { name: `Push to ${found.name}`, kind: 'git_push', model: gitRemote.name, params, actor }
}
