import { apiArea } from '../http/area.ts'
import { registry } from '../models.ts'
import { userRoutes } from './routes.ts'

export const usersArea = apiArea('users', { label: 'Users', models: registry.all, routes: userRoutes })
