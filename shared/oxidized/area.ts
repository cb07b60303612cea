import type { Area } from '../http/area.ts'
import { oxidizedRoutes } from './routes.ts'

export const oxidizedArea = {
  name: 'oxidized',
  label: 'Oxidized',
  bases: ['/oxidized'],
  models: [],
  routes: oxidizedRoutes,
  challenge: 'Basic',
} as const satisfies Area
