import * as z from 'zod'
import { checkFleet, isCheckDue } from '../../shared/backups/compliance/check-fleet.ts'
import { deps } from '../lib/deps.ts'
import { logger } from '../lib/log.ts'
import { taskLambda } from '../lib/task.ts'

/** What is left then is for the next time. */
const secondsMax = 600

export const handler = taskLambda(z.unknown(), async () => {
  const { engine, archive, now } = deps
  const stores = { engine, archive, now }
  if (!(await isCheckDue(stores))) return
  const checked = await checkFleet(stores, { until: now().getTime() + secondsMax * 1000 })
  logger.info('compliance evaluated', { ...checked })
})
