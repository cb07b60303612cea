import * as z from 'zod'
import { unknownPlatform } from '../../collect/unknown-platform.ts'
import type { NewJob } from '../../core/jobs.ts'
import { device } from '../../dcim/models/device.ts'
import { AppError } from '../../errors.ts'
import type { Actor } from '../../model/change.ts'
import type { Engine } from '../../model/engine.ts'
import { findPlatform, isUndetected } from '../../platforms/platforms.ts'
import { AskedDevice, askedDevice } from '../access/asked-device.ts'
import { readRates } from '../credentials/credential-uses.ts'
import { readState } from '../device-records.ts'
import { readInventory } from '../runs/inventory.ts'
import { credentialsFor } from '../runs/plan.ts'
import type { NewRecording } from './routes.ts'

/** What the collector needs to know of the device: as in a work list. */
export const RecordParams = AskedDevice.extend({
  name: z.string(),
  credentialIds: z.array(z.int()),
  reason: z.string().optional(),
})
export type RecordParams = z.infer<typeof RecordParams>

/**
 * One recorded session with a device, as a job.
 * @throws AppError `not_found`; `validation_failed` for a device type that nobody knows.
 */
export async function recordingJob(
  engine: Engine,
  deviceId: number,
  { device_type: asked, reason }: NewRecording,
  actor: Actor,
): Promise<NewJob> {
  if (asked !== undefined && !isUndetected(asked) && findPlatform(asked) === undefined) {
    const { message } = unknownPlatform(asked)
    throw new AppError('validation_failed', message, { issues: [{ path: 'device_type', message }] })
  }
  const { devices, credentials, access: rules } = await readInventory(engine, ({ id }) => id === deviceId)
  const [found] = devices
  if (found === undefined) throw new AppError('not_found', `There is no device ${deviceId}.`)
  const ids = credentials.map(({ id }) => id)
  const [state, rates] = await Promise.all([readState(engine.table, deviceId), readRates(engine.table, ids)])
  const rated = credentials.map((one) => ({ ...one, ...rates.get(one.id) }))
  const params: RecordParams = {
    ...askedDevice(found, rules),
    ...(asked === undefined ? {} : { deviceType: asked }),
    name: found.name,
    credentialIds: credentialsFor(found, rated, state?.credentialId),
    ...(reason === undefined ? {} : { reason }),
  }
  const name = `Recorded session with ${found.name}`
  const message = reason === undefined ? {} : { message: reason }
  return { name, kind: 'record_session', model: device.name, params, actor, ...message }
}
