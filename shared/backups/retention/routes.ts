import * as z from 'zod'
import { JobShown } from '../../core/job-routes.ts'
import type { Routes } from '../../http/route.ts'
import { id, versionNumber } from '../route-fields.ts'
import { ShownVersion } from '../versions/routes.ts'

const params = z.object({ id, version: z.union([z.literal('latest'), versionNumber]) })
const Reason = z.strictObject({ reason: z.string().trim().min(1).max(500) })

/** Which stored versions are kept. */
export const retentionRoutes = {
  pinVersion: {
    method: 'POST',
    path: '/devices/{id}/versions/{version}/pin/',
    permission: 'backups.pin_version',
    summary: 'Keep this version whatever the retention policies say',
    params,
    body: Reason,
    status: 200,
    response: ShownVersion,
    errors: ['not_found', 'version_gone', 'duplicate', 'validation_failed', 'write_conflict'],
  },
  unpinVersion: {
    method: 'POST',
    path: '/devices/{id}/versions/{version}/unpin/',
    permission: 'backups.pin_version',
    summary: 'Leave this version to the retention policies again',
    params,
    body: Reason,
    status: 200,
    response: ShownVersion,
    errors: ['not_found', 'version_gone', 'validation_failed', 'write_conflict'],
  },
  applyRetention: {
    method: 'POST',
    path: '/retention/',
    permission: 'backups.apply_retention',
    summary: 'Let go now what the retention policies do not keep; a dry run only tells what would go',
    body: z.strictObject({ dry_run: z.boolean().default(true) }),
    status: 202,
    response: JobShown,
    errors: ['validation_failed', 'unavailable'],
  },
} as const satisfies Routes
