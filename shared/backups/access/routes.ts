import * as z from 'zod'
import { id } from '../route-fields.ts'
import type { Routes } from '../../http/route.ts'

export const accessRoutes = {
  forgetJumpHostKey: {
    method: 'POST',
    path: '/jump-hosts/{id}/forget-host-key/',
    permission: 'backups.change_hostkey',
    summary: 'Trust the key that the jump host shows next, instead of the pinned one',
    params: z.object({ id }),
    status: 204,
    errors: ['not_found'],
  },
} as const satisfies Routes
