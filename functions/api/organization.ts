import { organizationArea } from '../../shared/organization/area.ts'
import { httpLambda } from '../lib/http.ts'

export const handler = httpLambda(organizationArea, () => ({}))
