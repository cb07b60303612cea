/** An id as text or number, or the name of a parameter where a pattern is made of the path. */
type Part = string | number

/** Every address of the console. What a page shows is in its address, so that it can be sent to somebody. */
export const paths = {
  runs: '/runs',
  run: <const Id extends Part>(id: Id) => `/runs/${id}` as const,
  coverage: '/coverage',
  search: '/search',
  compare: '/compare',
  compliance: '/compliance',
  conflicts: '/conflicts',
  software: '/software',
  softwareDevices: '/software/devices',
  remotes: '/git-remotes',
  subscriptions: '/subscriptions',
  jobs: '/jobs',
  job: <const Id extends Part>(id: Id) => `/jobs/${id}` as const,
  devices: '/devices',
  device: <const Id extends Part>(id: Id) => `/devices/${id}` as const,
  version: <const Id extends Part, const Version extends Part>(id: Id, version: Version) =>
    `/devices/${id}/versions/${version}` as const,
  restorePlan: <const Id extends Part, const Version extends Part>(id: Id, version: Version) =>
    `/devices/${id}/versions/${version}/restore` as const,
} as const

/** The same as patterns of the router. */
export const patterns = {
  run: paths.run(':id'),
  job: paths.job(':id'),
  device: paths.device(':id'),
  version: paths.version(':id', ':version'),
  restorePlan: paths.restorePlan(':id', ':version'),
} as const
