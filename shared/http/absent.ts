/** What NetBox has and netkeep deliberately does not: lists by path below `/api/`, with what there is instead. */
type Absent = { why: string; lists: Readonly<Record<string, readonly string[]>> }

const absent: readonly Absent[] = [
  {
    why: 'netkeep serves one organization: departments and contacts are below /api/organization/.',
    lists: {
      tenancy: [
        'tenants',
        'tenant-groups',
        'contacts',
        'contact-groups',
        'contact-roles',
        'contact-assignments',
      ],
      users: ['owners', 'owner-groups'],
    },
  },
  {
    why: 'netkeep has no permission objects yet: whoever is a superuser may do everything, everybody else nothing.',
    lists: { users: ['permissions'] },
  },
  {
    why: 'Regions form a tree and sites have tags: netkeep has no second way to group sites, racks or clusters.',
    lists: { dcim: ['site-groups', 'rack-groups'], virtualization: ['cluster-groups'] },
  },
  {
    why: 'netkeep does not draw cabling and power: it keeps what is in the racks and how interfaces are set up.',
    lists: {
      dcim: [
        'cables',
        'cable-terminations',
        'connected-device',
        'console-connections',
        'console-ports',
        'console-port-templates',
        'console-server-ports',
        'console-server-port-templates',
        'front-ports',
        'front-port-templates',
        'interface-connections',
        'power-connections',
        'power-feeds',
        'power-outlets',
        'power-outlet-templates',
        'power-panels',
        'power-ports',
        'power-port-templates',
        'rear-ports',
        'rear-port-templates',
      ],
    },
  },
  {
    why: 'Cards and their types take the place of modules, bays and inventory items.',
    lists: {
      dcim: [
        'device-bays',
        'device-bay-templates',
        'interface-templates',
        'inventory-items',
        'inventory-item-roles',
        'inventory-item-templates',
        'modules',
        'module-bays',
        'module-bay-templates',
        'module-types',
        'module-type-profiles',
      ],
      virtualization: ['virtual-disks', 'virtual-machine-types'],
    },
  },
  {
    why: 'The MAC address is a field of the interface.',
    lists: { dcim: ['mac-addresses'] },
  },
  {
    why: 'Hosts are booked by the lab, and a rack says its own size.',
    lists: { dcim: ['rack-reservations', 'rack-types', 'virtual-chassis', 'virtual-device-contexts'] },
  },
  {
    why: 'netkeep keeps addresses and VLANs; what listens on them is found out by scans and health checks.',
    lists: {
      ipam: [
        'fhrp-groups',
        'fhrp-group-assignments',
        'services',
        'service-templates',
        'vlan-translation-policies',
        'vlan-translation-rules',
      ],
    },
  },
  {
    why: 'A circuit has its provider and its two terminations; netkeep has no accounts, groups or virtual circuits.',
    lists: {
      circuits: [
        'circuit-groups',
        'circuit-group-assignments',
        'provider-accounts',
        'provider-networks',
        'virtual-circuits',
        'virtual-circuit-types',
        'virtual-circuit-terminations',
      ],
    },
  },
  {
    why: 'netkeep has no tunnels and no layer 2 VPNs.',
    lists: {
      vpn: [
        'ike-policies',
        'ike-proposals',
        'ipsec-policies',
        'ipsec-profiles',
        'ipsec-proposals',
        'l2vpns',
        'l2vpn-terminations',
        'tunnels',
        'tunnel-groups',
        'tunnel-terminations',
      ],
      wireless: ['wireless-links'],
    },
  },
  {
    why: 'netkeep keeps the configurations that devices have; it renders none, and runs no code of its users.',
    lists: {
      core: ['background-queues', 'background-tasks', 'background-workers', 'data-files', 'data-sources'],
      extras: [
        'config-contexts',
        'config-context-profiles',
        'config-templates',
        'custom-links',
        'export-templates',
        'image-attachments',
        'reports',
        'scripts',
        'event-rules',
        'webhooks',
        'bookmarks',
        'notifications',
        'notification-groups',
        'subscriptions',
        'table-configs',
      ],
    },
  },
]

/** Parts of objects: refused with words, since an empty answer would say something about the object. */
const absentParts: readonly { pattern: RegExp; why: string }[] = [
  {
    pattern: /^\/api\/dcim\/devices\/\d+\/napalm\/?$/,
    why: 'netkeep does not ask devices on behalf of a caller: backups read them, below /api/backups/.',
  },
  {
    pattern: /^\/api\/(?:dcim\/devices|virtualization\/virtual-machines)\/\d+\/render-config\/?$/,
    why: 'netkeep renders no configurations: it keeps those that devices have, below /api/backups/.',
  },
]

export type AbsentList = { area: string; path: string; why: string }

/** Every list that is always empty. */
export const absentLists: readonly AbsentList[] = absent.flatMap(({ why, lists }) =>
  Object.entries(lists).flatMap(([area, paths]) => paths.map((path) => ({ area, path, why }))),
)

const byPath = new Map(absentLists.map((one) => [`/api/${one.area}/${one.path}`, one]))
const wholeAreas = new Set(absentLists.map(({ area }) => area))

/** What a path would be in NetBox: a list, one object of it, a part of an object, or the root of an area. */
export type AbsentPlace =
  | { kind: 'list' | 'object'; list: AbsentList }
  | { kind: 'part'; why: string }
  | { kind: 'area'; area: string; lists: readonly AbsentList[] }

/** Undefined where NetBox has nothing at the path either. Asked only about paths that mean nothing to netkeep. */
export function absentAt(path: string): AbsentPlace | undefined {
  const plain = path.replace(/\/+$/, '')
  const list = byPath.get(plain)
  if (list !== undefined) return { kind: 'list', list }
  const [, parent = '', area = ''] = /^(\/api\/([a-z]+))(?:$|\/)/.exec(plain) ?? []
  if (parent === plain && wholeAreas.has(area))
    return { kind: 'area', area, lists: absentLists.filter((one) => one.area === area) }
  const object = /^(.*)\/\d{1,16}$/.exec(plain)
  const owner = byPath.get(object?.[1] ?? '')
  if (owner !== undefined) return { kind: 'object', list: owner }
  const part = absentParts.find(({ pattern }) => pattern.test(path))
  return part === undefined ? undefined : { kind: 'part', why: part.why }
}
