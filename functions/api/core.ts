import { areas } from '../../shared/areas.ts'
import { changeHandlers } from '../lib/change-handlers.ts'
import { httpLambda } from '../lib/http.ts'
import { jobHandlers } from '../lib/job-handlers.ts'

export const handler = httpLambda(areas.core, (deps) => ({ ...changeHandlers(deps), ...jobHandlers(deps) }))
