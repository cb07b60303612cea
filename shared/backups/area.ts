import { apiArea } from '../http/area.ts'
import { registry } from '../models.ts'
import { accessRoutes } from './access/routes.ts'
import { complianceRoutes } from './compliance/routes.ts'
import { credentialRoutes } from './credentials/routes.ts'
import { coverageRoutes } from './coverage/routes.ts'
import { factRoutes } from './facts/routes.ts'
import { deviceRoutes } from './versions/routes.ts'
import { diffRoutes } from './versions/diff-routes.ts'
import { historyRoutes } from './history/routes.ts'
import { notifyRoutes } from './notify/routes.ts'
import { recordingRoutes } from './recordings/routes.ts'
import { retentionRoutes } from './retention/routes.ts'
import { remoteRoutes } from './remotes/routes.ts'
import { runRoutes } from './runs/routes.ts'
import { configSearchRoutes } from './search/routes.ts'
import { restoreRoutes } from './restore/routes.ts'

export const backupsArea = apiArea('backups', {
  label: 'Backups',
  models: registry.all,
  routes: {
    ...runRoutes,
    ...deviceRoutes,
    ...retentionRoutes,
    ...historyRoutes,
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
    ...recordingRoutes,
  },
})
