import * as z from 'zod'
import { AppError } from '../../errors.ts'
import type { Actor } from '../../model/change.ts'
import type { Engine } from '../../model/engine.ts'
import { getRow } from '../../model/records.ts'
import type { NewJob } from '../jobs.ts'
import { netboxSource } from '../models/netbox-source.ts'

export const SyncParams = z.object({ source: z.int(), dry_run: z.boolean() })

/**
 * A sync as a job: the API cannot open the token. Of a source that is switched off it may be asked what it would change.
 * @throws AppError `not_found`, `validation_failed`
 */
export async function syncJob(
  engine: Engine,
  { id, dry_run, message }: { id: number; dry_run: boolean; message?: string | undefined },
  actor: Actor,
): Promise<NewJob> {
  const found = await getRow(engine, netboxSource, id)
  if (found === undefined) throw new AppError('not_found', `There is no NetBox source ${id}.`)
  if (!found.enabled && !dry_run) {
    const issue = { path: 'dry_run', message: 'The source is switched off: only a dry run is possible.' }
    throw new AppError('validation_failed', issue.message, { issues: [issue] })
  }
  const params: z.infer<typeof SyncParams> = { source: id, dry_run }
  return {
    name: `${dry_run ? 'Compare with' : 'Sync from'} ${found.name}`,
    kind: 'netbox_sync',
    model: netboxSource.name,
    params,
    actor,
    ...(message === undefined ? {} : { message }),
  }
}
