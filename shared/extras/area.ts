import { apiArea } from '../http/area.ts'
import { registry } from '../models.ts'
import { extrasRoutes } from './routes.ts'

export const extrasArea = apiArea('extras', { label: 'Extras', models: registry.all, routes: extrasRoutes })
