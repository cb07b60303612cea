import { apiArea } from '../http/area.ts'
import { registry } from '../models.ts'

export const circuitsArea = apiArea('circuits', { label: 'Circuits', models: registry.all, routes: {} })
