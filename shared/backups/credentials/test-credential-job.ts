import * as z from 'zod'
import type { NewJob } from '../../core/jobs.ts'
import { AppError } from '../../errors.ts'
import type { Actor } from '../../model/change.ts'
import type { Engine } from '../../model/engine.ts'
import { getRow } from '../../model/records.ts'
import { AskedDevice, askedDevice } from '../access/asked-device.ts'
import { readInventory } from '../runs/inventory.ts'
import { credential } from '../models/credential.ts'

export const TestParams = AskedDevice.extend({ credential: z.int() })
export type TestParams = z.infer<typeof TestParams>

/**
 * A login to one device with one credential, as a job: only the collector opens secrets and reaches devices.
 * @throws AppError `not_found`; `validation_failed` for a device that is none.
 */
export async function credentialTest(
  engine: Engine,
  asked: { credential: number; device: number },
  actor: Actor,
): Promise<NewJob> {
  const found = await getRow(engine, credential, asked.credential)
  const { devices, access: rules } = await readInventory(engine, ({ id }) => id === asked.device)
  const [tested] = devices
  if (found === undefined) throw new AppError('not_found', `There is no credential ${asked.credential}.`)
  if (tested === undefined) {
    const message = `There is no device ${asked.device}.`
    throw new AppError('validation_failed', message, { issues: [{ path: 'device', message }] })
  }
  const name = `Test of ${found.name} on ${tested.name}`
  const params: TestParams = { credential: asked.credential, ...askedDevice(tested, rules) }
  return { name, kind: 'credential_test', model: credential.name, params, actor }
}
