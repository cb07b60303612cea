import { virtualizationArea } from '../../shared/virtualization/area.ts'
import { httpLambda } from '../lib/http.ts'

export const handler = httpLambda(virtualizationArea, () => ({}))
