import * as z from 'zod'
import { defineModel, type Row } from '../../model/define.ts'
import { datetime, int, json, ref, text } from '../../model/fields.ts'
import { through } from '../../model/filter-hooks.ts'

/** Where one fact comes from, and since when the device says so. */
export const Reading = z.object({
  /** The line it was read from. */
  raw: z.string(),
  /** The run that read it first, and when. */
  runId: z.int(),
  since: z.string(),
  /** Which reading of the device that was: what came after it is counted with the device's state. */
  from: z.int(),
  /** Where the device does not say it any more: when it did last, and how often it had. */
  until: z.object({ at: z.string(), count: z.int() }).optional(),
})
export type Reading = z.infer<typeof Reading>

/** A decision that the inventory is right. It holds as long as the device says the same. */
const Kept = z.object({ observed: z.string(), by: z.string(), at: z.string(), reason: z.string() })

/**
 * What a device said of itself when it was backed up last. The collector writes it, and only where something has
 * changed; its id is that of the device, which makes two first runs meet.
 */
export const observation = defineModel({
  name: 'backups.observation',
  path: 'observations',
  label: 'Observation',
  labelPlural: 'Observations',
  fields: {
    device: ref('dcim.device', {}),
    hostname: text({ max: 128, default: '' }),
    model: text({ max: 128, default: '' }),
    serial: text({ max: 128, default: '' }),
    os_version: text({ max: 128, default: '', label: 'OS version' }),
    driver: text({ max: 128, default: '', help: 'The device type by which it was read' }),
    changed: datetime({ optional: true, help: 'When it said something new last' }),
    run: int({ min: 0, default: 0, help: 'The run that saw that' }),
    readings: json(z.record(z.string(), Reading), { default: {}, hidden: true }),
    kept: json(z.record(z.string(), Kept), {
      default: {},
      help: 'By field of the inventory: observed values that were told to be wrong',
    }),
  },
  onDelete: { device: 'cascade' },
  filters: {
    site: through('device.site'),
    region: through('device.site.region'),
    platform: through('device.platform'),
    role: through('device.role'),
    device_type: through('device.device_type'),
  },
  search: ['hostname', 'model', 'serial', 'os_version'],
  columns: ['device', 'hostname', 'model', 'serial', 'os_version', 'driver', 'changed'],
  display: (row: Row) => `Device ${row.id} as observed`,
  brief: ['device'],
  verbs: ['view'],
  referrers: 'none',
  writes: 'many',
})
