import * as z from 'zod'
import { id } from '../route-fields.ts'
import { JobShown } from '../../core/job-routes.ts'
import type { Routes } from '../../http/route.ts'
import { NotificationItem } from './records.ts'

export const ShownNotification = NotificationItem.pick({
  channel: true,
  /** `sending` where the step has not ended, or ended in the middle of it. */
  status: true,
  attempts: true,
  changed: true,
  failed: true,
  noncompliant: true,
  conflicts: true,
  at: true,
}).extend({ subscription: z.object({ id: z.int(), name: z.string() }), error: z.string().nullable() })

const params = z.object({ id })

export const notifyRoutes = {
  runNotifications: {
    method: 'GET',
    path: '/runs/{id}/notifications/',
    permission: 'backups.view_run',
    summary: 'Who was told of a run, and what went wrong with it',
    params,
    status: 200,
    response: z.array(ShownNotification),
    errors: ['not_found'],
  },
  testSubscription: {
    method: 'POST',
    path: '/subscriptions/{id}/test/',
    permission: 'backups.test_subscription',
    summary:
      'Send it a test message now, also where it is switched off; the job tells whether it was delivered',
    params,
    status: 202,
    response: JobShown,
    errors: ['not_found', 'unavailable'],
  },
} as const satisfies Routes
