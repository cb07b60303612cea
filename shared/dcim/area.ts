import { apiArea } from '../http/area.ts'
import { registry } from '../models.ts'
import { dcimRoutes } from './routes.ts'

export const dcimArea = apiArea('dcim', { label: 'Data centre', models: registry.all, routes: dcimRoutes })
