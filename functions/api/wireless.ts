import { wirelessArea } from '../../shared/wireless/area.ts'
import { httpLambda } from '../lib/http.ts'

export const handler = httpLambda(wirelessArea, () => ({}))
