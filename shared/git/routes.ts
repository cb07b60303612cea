import * as z from 'zod'
import type { Routes } from '../http/route.ts'

const rest = z.object({ rest: z.string() })

/** What git's own client asks for, below `/git`. A push is answered in git's own words. */
export const gitRoutes = {
  read: {
    method: 'GET',
    path: '/{rest+}',
    permission: 'backups.view_config',
    summary: 'Files of a repository, for git clone and git fetch',
    params: rest,
    query: z.object({ service: z.string().optional() }),
    status: 200,
    response: 'raw',
    errors: ['not_found'],
  },
  push: {
    method: 'POST',
    path: '/{rest+}',
    permission: 'backups.view_config',
    summary: 'Always refused: the repository is written by backup runs',
    params: rest,
    status: 200,
    response: 'raw',
    errors: [],
  },
} as const satisfies Routes
