import * as z from 'zod'
import type { IndexReport } from '../../events/payloads.ts'
import { fillableFields } from '../../shared/backups/facts/compared.ts'
import { fillEmpty } from '../../shared/backups/facts/fill.ts'
import { indexConfigs } from '../../shared/backups/search/index-configs.ts'
import { deps } from '../lib/deps.ts'
import { optionalEnv } from '../lib/env.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

/** The rest of the function's time is for the part of the index that is under way. */
const secondsMax = 600

export const handler = taskLambda(z.object({ runId: z.int() }), async ({ runId }): Promise<IndexReport> => {
  const { engine, archive, work, now } = deps
  const indexed = await indexConfigs({ engine, archive, work, now }, now().getTime() + secondsMax * 1000)
  logger.info('configurations indexed', { runId, ...indexed })
  await fillInventory(runId)
  return { runId, done: indexed.done }
})

/** A fault in it is told and fails nothing: the next run fills what is empty still. */
async function fillInventory(runId: number): Promise<void> {
  const wanted = new Set(optionalEnv('fillEmptyFields')?.split(','))
  const fields = fillableFields.filter((field) => wanted.has(field))
  try {
    const { filled, failed } = await fillEmpty(deps.engine, runId, fields)
    if (filled + failed > 0) logger.info('empty fields filled', { runId, filled, failed })
  } catch (error) {
    logger.error('empty fields not filled', { runId, error: error instanceof Error ? error : String(error) })
  }
}
