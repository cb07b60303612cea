import type { Area } from '../http/area.ts'
import { searchRoutes } from '../search/routes.ts'
import { systemRoutes } from './routes.ts'

export const systemArea = {
  name: 'system',
  label: 'System',
  bases: ['/api'],
  models: [],
  routes: { ...systemRoutes, ...searchRoutes },
  challenge: 'Token',
  isPublic: true,
} as const satisfies Area
