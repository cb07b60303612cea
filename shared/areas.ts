import { accessRoutes } from './backups/access-routes.ts'
import { complianceRoutes } from './backups/compliance-routes.ts'
import { credentialRoutes } from './backups/credential-routes.ts'
import { coverageRoutes } from './backups/coverage-routes.ts'
import { factRoutes } from './backups/fact-routes.ts'
import { diffRoutes } from './backups/diff-routes.ts'
import { notifyRoutes } from './backups/notify-routes.ts'
import { retentionRoutes } from './backups/retention-routes.ts'
import { remoteRoutes } from './backups/remote-routes.ts'
import { backupRoutes } from './backups/routes.ts'
import { revealRoutes } from './backups/reveal-routes.ts'
import { configSearchRoutes } from './backups/search-routes.ts'
import { restoreRoutes } from './backups/restore-routes.ts'
import { coreRoutes } from './core/routes.ts'
import { dcimRoutes } from './dcim/routes.ts'
import { extrasRoutes } from './extras/routes.ts'
import { gitRoutes } from './git/routes.ts'
import { apiArea, type Area } from './http/area.ts'
import { ipamRoutes } from './ipam/routes.ts'
import { registry } from './models.ts'
import { oxidizedRoutes } from './oxidized/routes.ts'
import { searchRoutes } from './search/routes.ts'
import { systemRoutes } from './system/routes.ts'
import { userRoutes } from './users/routes.ts'

const models = registry.all

/** The whole API: what each Lambda serves, and what OpenAPI tells. */
export const areas = {
  system: {
    name: 'system',
    label: 'System',
    bases: ['/api'],
    models: [],
    routes: { ...systemRoutes, ...searchRoutes },
    challenge: 'Token',
    isPublic: true,
  },
  dcim: apiArea('dcim', { label: 'Data centre', models, routes: dcimRoutes }),
  virtualization: apiArea('virtualization', { label: 'Virtualization', models, routes: {} }),
  circuits: apiArea('circuits', { label: 'Circuits', models, routes: {} }),
  organization: apiArea('organization', { label: 'Organization', models, routes: {} }),
  wireless: apiArea('wireless', { label: 'Wireless', models, routes: {} }),
  ipam: apiArea('ipam', { label: 'IPAM', models, routes: ipamRoutes }),
  extras: apiArea('extras', { label: 'Extras', models, routes: extrasRoutes }),
  users: apiArea('users', { label: 'Users', models, routes: userRoutes }),
  core: apiArea('core', { label: 'Core', models, routes: coreRoutes }),
  backups: apiArea('backups', {
    label: 'Backups',
    models,
    routes: {
      ...backupRoutes,
      ...retentionRoutes,
      ...diffRoutes,
      ...coverageRoutes,
      ...accessRoutes,
      ...credentialRoutes,
      ...configSearchRoutes,
      ...notifyRoutes,
      ...complianceRoutes,
      ...remoteRoutes,
      ...restoreRoutes,
      ...factRoutes,
    },
  }),
  reveal: {
    name: 'reveal',
    label: 'Unredacted configurations',
    bases: ['/api/backups/reveal'],
    models: [],
    routes: revealRoutes,
    challenge: 'Token',
  },
  git: { name: 'git', label: 'Git', bases: ['/git'], models: [], routes: gitRoutes, challenge: 'Basic' },
  oxidized: {
    name: 'oxidized',
    label: 'Oxidized',
    bases: ['/oxidized'],
    models: [],
    routes: oxidizedRoutes,
    challenge: 'Basic',
  },
} as const satisfies Record<string, Area>
