/**
 * The areas of the API: one entry file, one Lambda and one greedy route each, since an HTTP API holds 300 routes.
 * What a path means is decided inside, by the area's own route table.
 */
export type Area = { description: string; memoryMegabytes: number; routes: readonly string[] }

/** `/api/plugins/<area>` is the same area again: pynetbox reaches by it what NetBox does not have. */
const areaRoutes = (area: string): string[] => [
  `ANY /api/${area}`,
  `ANY /api/${area}/{proxy+}`,
  `ANY /api/plugins/${area}`,
  `ANY /api/plugins/${area}/{proxy+}`,
]

export const areas = {
  system: {
    description: 'Status, API root, schema, search, and every path that nobody else has',
    // The search holds the texts of every model in memory.
    memoryMegabytes: 2048,
    // Paths that end in a slash, such as /api/status/, also come here: the CDK knows no such routes, API Gateway
    // takes them for different paths, and $default catches them.
    routes: ['GET /api', 'GET /api/status', 'GET /api/schema', 'GET /api/search', '$default'],
  },
  dcim: {
    description: 'Sites, racks, devices',
    // The catalog of 50,000 devices is held in memory.
    memoryMegabytes: 1024,
    routes: areaRoutes('dcim'),
  },
  virtualization: {
    description: 'Clusters and virtual machines',
    memoryMegabytes: 1024,
    routes: areaRoutes('virtualization'),
  },
  circuits: { description: 'Providers and circuits', memoryMegabytes: 512, routes: areaRoutes('circuits') },
  organization: {
    description: 'Departments and contacts',
    memoryMegabytes: 512,
    routes: areaRoutes('organization'),
  },
  wireless: { description: 'Wireless networks', memoryMegabytes: 512, routes: areaRoutes('wireless') },
  ipam: {
    description: 'Prefixes, addresses, VLANs, and their allocation',
    memoryMegabytes: 1024,
    routes: areaRoutes('ipam'),
  },
  extras: { description: 'Tags and custom data', memoryMegabytes: 512, routes: areaRoutes('extras') },
  users: { description: 'Users and tokens', memoryMegabytes: 512, routes: areaRoutes('users') },
  core: { description: 'Change records and jobs', memoryMegabytes: 512, routes: areaRoutes('core') },
  backups: {
    description: 'Backup runs, credentials, schedules, configurations',
    // A whole processor, and the index of 50,000 configurations in memory.
    memoryMegabytes: 2048,
    routes: areaRoutes('backups'),
  },
  reveal: {
    description: 'Unredacted configurations, for those who may see them',
    memoryMegabytes: 1024,
    // More of the path than the backups' own route: API Gateway takes this one.
    routes: ['POST /api/backups/reveal/{proxy+}'],
  },
  git: {
    description: 'The repository of configurations, read-only, for plain git',
    memoryMegabytes: 512,
    routes: ['ANY /git/{proxy+}'],
  },
  oxidized: {
    description: 'The addresses of oxidized-web, for what links to them',
    // It searches as the backups do.
    memoryMegabytes: 2048,
    routes: ['ANY /oxidized/{proxy+}'],
  },
} as const satisfies Record<string, Area>

export type AreaName = keyof typeof areas

/** API Gateway gives up after 30 s; ending before it leaves us the last word. */
export const apiTimeoutSeconds = 29

/** For everybody together, in requests a second. Limits per token are the product's own. */
export const apiThrottle = { rateLimit: 500, burstLimit: 1000 } as const
