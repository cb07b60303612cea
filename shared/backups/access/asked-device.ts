import * as z from 'zod'
import type { PlannedDevice } from '../runs/plan.ts'
import { Access, accessOf, type AccessRules } from './access.ts'

/** A device as a job asks it. How it is reached is looked up when the job is asked for: the collector has no catalogs. */
export const AskedDevice = z.object({
  device: z.int(),
  host: z.string(),
  port: z.int(),
  deviceType: z.string(),
  access: Access.optional(),
})
export type AskedDevice = z.infer<typeof AskedDevice>

export function askedDevice(found: PlannedDevice, rules: AccessRules): AskedDevice {
  const { id: device, address: host, port, deviceType } = found
  const access = accessOf(found, rules)
  return { device, host, port, deviceType, ...(access === undefined ? {} : { access }) }
}
