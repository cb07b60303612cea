import { apiArea } from '../http/area.ts'
import { registry } from '../models.ts'

export const virtualizationArea = apiArea('virtualization', {
  label: 'Virtualization',
  models: registry.all,
  routes: {},
})
