import { apiArea } from '../http/area.ts'
import { registry } from '../models.ts'

export const wirelessArea = apiArea('wireless', { label: 'Wireless', models: registry.all, routes: {} })
