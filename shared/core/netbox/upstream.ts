import * as z from 'zod'

export type Named = { name: string; slug: string }

/** A device as a NetBox tells it, or what is wrong with how it is told. */
export type Upstream = { id: number; display: string } & (
  | { problem: string }
  | {
      problem?: undefined
      name: string | undefined
      status: string
      site: Named
      role: Named
      manufacturer: Named
      deviceType: Named
      platform: Named | undefined
      serial: string
      assetTag: string
      address: string
      tags: Named[]
    }
)
export type GoodUpstream = Extract<Upstream, { name: unknown }>

const Named = z.object({ name: z.string(), slug: z.string() })
const Address = z.object({ address: z.string() }).nullish()
const Device = z.object({
  name: z.string().nullish(),
  status: z.object({ value: z.string() }),
  site: Named,
  /** Its name before NetBox 3.6 was `device_role`. */
  role: Named.optional(),
  device_role: Named.optional(),
  device_type: z.object({ model: z.string(), slug: z.string(), manufacturer: Named }),
  platform: Named.nullish(),
  serial: z.string().nullish(),
  asset_tag: z.string().nullish(),
  primary_ip4: Address,
  primary_ip6: Address,
  /** Of a netkeep. */
  management_address: z.string().nullish(),
  tags: z.array(Named).default([]),
})

export function readDevice({ id, ...given }: { id: number }): Upstream {
  const name = 'name' in given && typeof given.name === 'string' ? given.name : undefined
  const display = name ?? `device ${id}`
  const read = Device.safeParse(given)
  if (!read.success) {
    const [issue] = read.error.issues
    return { id, display, problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}` }
  }
  const { device_type: type, platform, status, site, tags, ...device } = read.data
  const role = device.role ?? device.device_role
  if (role === undefined) return { id, display, problem: 'role: is not told' }
  return {
    id,
    display,
    name,
    status: statusOf(status.value),
    site,
    role,
    manufacturer: type.manufacturer,
    deviceType: { name: type.model, slug: type.slug },
    platform: platform ?? undefined,
    serial: device.serial ?? '',
    assetTag: device.asset_tag ?? '',
    // A netkeep tells it as such. Of both primary addresses IPv4: most management networks have no other.
    address: device.management_address || hostOf(device.primary_ip4) || hostOf(device.primary_ip6),
    tags,
  }
}

/** Without the length of its prefix. */
const hostOf = (ip: z.infer<typeof Address>): string => ip?.address.split('/')[0] ?? ''

/** NetBox's own statuses that we have not; others are the choices of one installation. */
const statuses: Readonly<Record<string, string>> = {
  failed: 'offline',
  inventory: 'new',
  decommissioning: 'retired',
}
const ours = new Set(['new', 'planned', 'staged', 'active', 'offline', 'missing', 'on_loan', 'retired'])
const statusOf = (value: string): string => statuses[value] ?? (ours.has(value) ? value : 'unknown')
