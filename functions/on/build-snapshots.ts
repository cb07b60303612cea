import * as z from 'zod'
import { buildSnapshots } from '../../shared/catalog/snapshots.ts'
import { registry } from '../../shared/models.ts'
import { deps } from '../lib/deps.ts'
import { env } from '../lib/env.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

/** By the clock; an operator may invoke it with `{"rebuild": true}`: every snapshot is then made from all changes. */
const Input = z.object({ rebuild: z.boolean().default(false) })

export const handler = taskLambda(Input, async ({ rebuild }) => {
  const { table, snapshots: objects, now } = deps
  const parts = { table, tableName: env('table'), registry, objects, now }
  const warn = (message: string, details: Readonly<Record<string, unknown>>): void =>
    logger.warn(message, details)
  const built = await buildSnapshots({ ...parts, warn }, { rebuild })
  if (built.length > 0) logger.info('snapshots built', { built })
})
