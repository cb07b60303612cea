/** Words that several models of the area share. */
export const allocationStatuses = {
  active: 'Active',
  reserved: 'Reserved',
  deprecated: 'Deprecated',
} as const

export const prefixStatuses = { container: 'Container', ...allocationStatuses } as const

export const addressStatuses = {
  ...allocationStatuses,
  dhcp: 'DHCP',
  slaac: 'SLAAC',
  available: 'Available',
} as const

export const addressRoles = {
  loopback: 'Loopback',
  secondary: 'Secondary',
  anycast: 'Anycast',
  vip: 'VIP',
  vrrp: 'VRRP',
  hsrp: 'HSRP',
  glbp: 'GLBP',
  carp: 'CARP',
} as const

/** Roles whose addresses several interfaces have at once: https://docs.netbox.dev/en/stable/models/ipam/ipaddress/ */
const sharedRoles: ReadonlySet<unknown> = new Set(['anycast', 'vip', 'vrrp', 'hsrp', 'glbp', 'carp'])

export const isSharedRole = (role: unknown): boolean => sharedRoles.has(role)

export const families = { 4: 'IPv4', 6: 'IPv6' } as const
