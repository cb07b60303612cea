import { apiArea } from '../http/area.ts'
import { registry } from '../models.ts'
import { coreRoutes } from './routes.ts'

export const coreArea = apiArea('core', { label: 'Core', models: registry.all, routes: coreRoutes })
