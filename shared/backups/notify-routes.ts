import * as z from 'zod'
import type { Routes } from '../http/route.ts'
import { NotificationItem } from './notify/records.ts'

export const ShownNotification = NotificationItem.pick({
  channel: true,
  /** `sending` where the step has not ended, or ended in the middle of it. */
  status: true,
  attempts: true,
  changed: true,
  failed: true,
  noncompliant: true,
  at: true,
}).extend({ subscription: z.object({ id: z.int(), name: z.string() }), error: z.string().nullable() })

export const notifyRoutes = {
  runNotifications: {
    method: 'GET',
    path: '/runs/{id}/notifications/',
    permission: 'backups.view_run',
    summary: 'Who was told of a run, and what went wrong with it',
    params: z.object({ id: z.coerce.number().int().positive() }),
    status: 200,
    response: z.array(ShownNotification),
    errors: ['not_found'],
  },
} as const satisfies Routes
