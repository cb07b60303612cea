import type { credentialRoutes } from '../../shared/backups/credentials/routes.ts'
import type { Handlers } from '../../shared/http/route.ts'
import { beginJob } from './begin-job.ts'
import type { Deps } from './deps.ts'

/** What can be done with credentials. What needs their secrets is a job: the API cannot open them. */
export const credentialHandlers = (deps: Deps): Handlers<typeof credentialRoutes> => ({
  testCredential: async ({ params, body, caller, request }) => {
    const { credentialTest } = await import('../../shared/backups/credentials/test-credential-job.ts')
    const asked = { credential: params.id, device: body.device }
    return beginJob(deps, request, await credentialTest(deps.engine, asked, caller))
  },
  renewKeyring: async ({ caller, request }) => {
    const asked = { name: 'Sealing of all secrets anew', kind: 'reseal_secrets', actor: caller }
    return beginJob(deps, request, asked)
  },
  rotateCredential: async ({ params, body, caller }) => {
    const { rotateCredential } = await import('../../shared/backups/credentials/rotate-credential.ts')
    return rotateCredential(deps.engine, params.id, body, caller)
  },
  dropFormerSecrets: async ({ params, caller }) => {
    const { dropFormer } = await import('../../shared/backups/credentials/rotate-credential.ts')
    await dropFormer(deps.engine, params.id, caller, 'former secrets dropped')
    return undefined
  },
  credentialUsedBy: async ({ params, query, request }) => {
    const { usedBy } = await import('../../shared/backups/credentials/used-by.ts')
    return usedBy(deps.engine, params.id, query, request)
  },
})
