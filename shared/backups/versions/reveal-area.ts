import type { Area } from '../../http/area.ts'
import { revealRoutes } from './reveal-routes.ts'

export const revealArea = {
  name: 'reveal',
  label: 'Unredacted configurations',
  bases: ['/api/backups/reveal'],
  models: [],
  routes: revealRoutes,
  challenge: 'Token',
} as const satisfies Area
