import { apiArea } from '../http/area.ts'
import { registry } from '../models.ts'
import { ipamRoutes } from './routes.ts'

export const ipamArea = apiArea('ipam', { label: 'IPAM', models: registry.all, routes: ipamRoutes })
