import * as z from 'zod'
import type { RowOf } from '../../model/define.ts'
import type { accessRule } from '../models/access-rule.ts'
import type { jumpHost } from '../models/jump-host.ts'
import type { PlannedDevice } from '../runs/plan.ts'

/** How one device is reached, as the plan hands it to the collector. */
export const Access = z.object({
  /** In the order they are passed. */
  jumpHosts: z.array(z.int()).default([]),
  /** Only addresses in these are connected to; none given means any. */
  networks: z.array(z.string()).optional(),
  /** The AAA realm of the device. */
  realm: z.int().optional(),
  transport: z.enum(['ssh', 'telnet']).optional(),
  port: z.int().optional(),
  legacy: z.boolean().default(false),
  /** How many sessions there may be at once with devices like this one. */
  cap: z.object({ scope: z.string(), max: z.int(), of: z.string() }).optional(),
  limits: z.object({ deviceMs: z.int(), startMs: z.int(), idleMs: z.int() }).partial().default({}),
})
export type Access = z.infer<typeof Access>

type AccessRule = RowOf<typeof accessRule>
type JumpHost = RowOf<typeof jumpHost>
export type AccessRules = { rules: readonly AccessRule[]; jumpHosts: ReadonlyMap<number, JumpHost> }

/** More hops than this are a mistake. */
const hopsMax = 8

/** @returns undefined where no rule meets the device: it is reached the usual way. */
export function accessOf(device: PlannedDevice, { rules, jumpHosts }: AccessRules): Access | undefined {
  const rule = rules
    .filter((one) => one.enabled && meets(device, one))
    .sort((a, b) => a.priority - b.priority || a.id - b.id)[0]
  if (rule === undefined) return undefined
  const { transport, port, legacy_algorithms, device_seconds, start_seconds, idle_seconds } = rule
  const limits = {
    ...(device_seconds === null ? {} : { deviceMs: device_seconds * 1000 }),
    ...(start_seconds === null ? {} : { startMs: start_seconds * 1000 }),
    ...(idle_seconds === null ? {} : { idleMs: idle_seconds * 1000 }),
  }
  return {
    jumpHosts: hopsTo(rule.jump_host, jumpHosts),
    ...(rule.allowed_networks.length === 0 ? {} : { networks: rule.allowed_networks }),
    ...(rule.aaa_realm === null ? {} : { realm: rule.aaa_realm }),
    ...(transport === null ? {} : { transport }),
    ...(port === null ? {} : { port }),
    legacy: legacy_algorithms,
    ...capOf(rule, device),
    limits,
  }
}

function capOf(
  { id, name, sessions_max: max, sessions_per }: AccessRule,
  { site }: PlannedDevice,
): Pick<Access, 'cap'> {
  if (max === null) return {}
  return sessions_per === 'site'
    ? { cap: { scope: `rule-${id}-site-${site.id}`, max, of: `the site, by access rule ${name},` } }
    : { cap: { scope: `rule-${id}`, max, of: `access rule ${name}` } }
}

/** Of a rule's sites, platforms and tags, each that is given has something in common with the device. */
export function meets(
  device: Pick<PlannedDevice, 'platformId' | 'tagIds'> & { site: { id: number } },
  { sites, platforms, tags }: Pick<AccessRule, 'sites' | 'platforms' | 'tags'>,
): boolean {
  if (sites.length > 0 && !sites.includes(device.site.id)) return false
  if (platforms.length > 0 && !platforms.includes(device.platformId ?? 0)) return false
  return tags.length === 0 || tags.some((tag) => device.tagIds.includes(tag))
}

/** From the first hop to the one beside the devices. */
function hopsTo(last: number | null, jumpHosts: ReadonlyMap<number, JumpHost>): number[] {
  const hops: number[] = []
  for (let id = last; id !== null && hops.length < hopsMax; id = jumpHosts.get(id)?.via ?? null)
    hops.unshift(id)
  return hops
}
