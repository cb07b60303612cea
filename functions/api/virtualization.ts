import { areas } from '../../shared/areas.ts'
import { httpLambda } from '../lib/http.ts'

export const handler = httpLambda(areas.virtualization, () => ({}))
