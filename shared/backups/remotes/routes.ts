import * as z from 'zod'
import { id } from '../route-fields.ts'
import { JobShown } from '../../core/job-routes.ts'
import type { Routes } from '../../http/route.ts'

const params = z.object({ id })

export const ShownRemoteState = z.object({
  /** `current`: it has all that we have; `behind`: the next push brings the rest; `failing`: see the error. */
  status: z.enum(['never', 'current', 'behind', 'failing']),
  /** Where the remote's branch stood last. */
  commit: z.string().nullable(),
  /** The newest commit here. */
  head: z.string().nullable(),
  pushed_at: z.string().nullable(),
  attempted_at: z.string().nullable(),
  /** Attempts in a row that failed. */
  failures: z.int(),
  error: z.object({ reason: z.string(), message: z.string() }).nullable(),
})

/** What is known of a git remote, and what can be done with it. */
export const remoteRoutes = {
  remoteState: {
    method: 'GET',
    path: '/git-remotes/{id}/state/',
    permission: 'backups.view_gitremote',
    summary: 'How far a git remote is: its last commit, its last success, and what went wrong since',
    params,
    status: 200,
    response: ShownRemoteState,
    errors: ['not_found'],
  },
  pushRemote: {
    method: 'POST',
    path: '/git-remotes/{id}/push/',
    permission: 'backups.push_gitremote',
    summary: 'Push to it now, also where it is switched off; the job tells what came of it',
    params,
    status: 202,
    response: JobShown,
    errors: ['not_found', 'unavailable'],
  },
} as const satisfies Routes
