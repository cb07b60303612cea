import * as z from 'zod'
import type { Routes } from '../../http/route.ts'
import { JobShown } from '../job-routes.ts'

/** What can be done with a NetBox that devices come from. */
export const netboxRoutes = {
  syncNetbox: {
    method: 'POST',
    path: '/netbox-sources/{id}/sync/',
    permission: 'core.sync_netboxsource',
    summary: 'Bring in its devices as a job, or with dry_run tell what that would change, field by field',
    params: z.object({ id: z.coerce.number().int().positive() }),
    body: z.strictObject({ dry_run: z.boolean().default(true), message: z.string().max(200).optional() }),
    status: 202,
    response: JobShown,
    errors: ['validation_failed', 'not_found', 'unavailable'],
  },
} as const satisfies Routes
