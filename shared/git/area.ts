import type { Area } from '../http/area.ts'
import { gitRoutes } from './routes.ts'

export const gitArea = {
  name: 'git',
  label: 'Git',
  bases: ['/git'],
  models: [],
  routes: gitRoutes,
  challenge: 'Basic',
} as const satisfies Area
