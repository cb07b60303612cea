import { apiArea } from '../http/area.ts'
import { registry } from '../models.ts'

export const organizationArea = apiArea('organization', {
  label: 'Organization',
  models: registry.all,
  routes: {},
})
