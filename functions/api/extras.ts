import { areas } from '../../shared/areas.ts'
import { changeHandlers } from '../lib/change-handlers.ts'
import { httpLambda } from '../lib/http.ts'

export const handler = httpLambda(areas.extras, (deps) => ({ ...changeHandlers(deps) }))
