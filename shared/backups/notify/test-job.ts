import * as z from 'zod'
import type { NewJob } from '../../core/jobs.ts'
import { AppError } from '../../errors.ts'
import type { Actor } from '../../model/change.ts'
import type { Engine } from '../../model/engine.ts'
import { getRow } from '../../model/records.ts'
import { subscription } from '../models/subscription.ts'

export const TestParams = z.object({ subscription: z.int() })

/**
 * A test message now, as a job: the API can neither open secrets nor reach a relay. One that is switched off is tested
 * all the same. @throws AppError `not_found`
 */
export async function subscriptionTest(engine: Engine, id: number, actor: Actor): Promise<NewJob> {
  const found = await getRow(engine, subscription, id)
  if (found === undefined) throw new AppError('not_found', `There is no subscription ${id}.`)
  const params: z.infer<typeof TestParams> = { subscription: id }
  return {
    name: `Test of the subscription ${found.name}`,
    kind: 'subscription_test',
    model: subscription.name,
    params,
    actor,
  }
}
