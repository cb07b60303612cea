import type { complianceRoutes } from '../../shared/backups/compliance/routes.ts'
import type { Handlers } from '../../shared/http/route.ts'
import { beginJob } from './begin-job.ts'
import type { Deps } from './deps.ts'

/** Loaded when asked for: most requests of the area have nothing to do with it. */
export const complianceHandlers = (deps: Deps): Handlers<typeof complianceRoutes> => ({
  compliance: async ({ query, request }) => {
    if (query.export === 'csv') {
      const { exportReport } = await import('../../shared/backups/compliance/export-report.ts')
      return exportReport(deps.engine, query)
    }
    const { reportCompliance } = await import('../../shared/backups/compliance/report.ts')
    return reportCompliance(deps.engine, query, request)
  },
  checkCompliance: async ({ caller, request }) => {
    const { complianceJob } = await import('../../shared/backups/compliance/check-job.ts')
    return beginJob(deps, request, complianceJob(caller))
  },
  deviceCompliance: async ({ params }) => {
    const { deviceCompliance } = await import('../../shared/backups/compliance/device-report.ts')
    return deviceCompliance(deps, params.id)
  },
  testComplianceRule: async ({ body }) => {
    const { testRule } = await import('../../shared/backups/compliance/device-report.ts')
    return testRule(deps, body)
  },
})
