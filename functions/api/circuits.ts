import { circuitsArea } from '../../shared/circuits/area.ts'
import { httpLambda } from '../lib/http.ts'

export const handler = httpLambda(circuitsArea, () => ({}))
