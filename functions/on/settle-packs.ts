import * as z from 'zod'
import { settlePacks } from '../../shared/git/settle.ts'
import { deps } from '../lib/deps.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

/** What is left then is for the next time; one step more takes no longer than the rest of the function's 15 minutes. */
const secondsMax = 600

export const handler = taskLambda(z.unknown(), async () => {
  const { table, archive, now } = deps
  const stores = { table, objects: archive, now, repository: 'configs' } as const
  const settled = await settlePacks(stores, now().getTime() + secondsMax * 1000)
  if (settled.retired + settled.deleted > 0 || settled.left !== undefined)
    logger.info('packs settled', { ...settled })
})
