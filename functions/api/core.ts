import { coreArea } from '../../shared/core/area.ts'
import { changeHandlers } from '../lib/change-handlers.ts'
import { httpLambda } from '../lib/http.ts'
import { jobHandlers } from '../lib/job-handlers.ts'
import { netboxHandlers } from '../lib/netbox-handlers.ts'

export const handler = httpLambda(coreArea, (deps) => ({
  ...changeHandlers(deps),
  ...jobHandlers(deps),
  ...netboxHandlers(deps),
}))
