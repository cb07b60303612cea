import * as z from 'zod'
import { Access } from '../access/access.ts'
import { NoiseChoice } from '../versions/noise-rules.ts'

/** Which devices a run is for. All members given must hold; none given means every active device. */
export const BackupTarget = z.strictObject({
  devices: z.array(z.int().positive()).max(10_000).optional(),
  sites: z.array(z.int().positive()).max(1000).optional(),
  tags: z.array(z.int().positive()).max(1000).optional(),
  platforms: z.array(z.int().positive()).max(1000).optional(),
})
export type BackupTarget = z.infer<typeof BackupTarget>

/** One line of the work list. */
export const WorkItem = z.object({
  deviceId: z.int(),
  name: z.string(),
  host: z.string(),
  port: z.int(),
  /** The platform's device type, resolved by the collector; empty where the device has none. */
  deviceType: z.string(),
  /** Where the configuration goes in the repository: `<site>/<device>.cfg`. */
  path: z.string(),
  credentialIds: z.array(z.int()),
  /** The users' rules for lines that mean nothing when they change. */
  noise: NoiseChoice.optional(),
  /** Where a rule says how it is reached. */
  access: Access.optional(),
  /** Maintenance windows that are about it. */
  windows: z.array(z.int()).optional(),
})
export type WorkItem = z.infer<typeof WorkItem>
