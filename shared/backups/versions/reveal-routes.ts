import * as z from 'zod'
import type { Routes } from '../../http/route.ts'
import { answerBytesMax } from '../answer-part.ts'
import { id, versionNumber } from '../route-fields.ts'

/** Below a path of its own: the function behind it is the only one that answers people and may open what is sealed. */
export const revealRoutes = {
  revealConfig: {
    method: 'POST',
    path: '/devices/{id}/versions/{version}/',
    permission: 'backups.reveal_config',
    decides: 'handler',
    summary:
      'One stored configuration as it came from the device, secrets and all; who asked and why is written first',
    params: z.object({ id, version: z.union([z.literal('latest'), versionNumber]) }),
    body: z.strictObject({
      reason: z.string().trim().min(1).max(480),
      offset: z.int().min(0).default(0),
      bytes: z.int().min(1).max(answerBytesMax).optional(),
    }),
    status: 200,
    response: 'raw',
    errors: ['not_found', 'version_gone', 'too_large', 'validation_failed', 'raw_mismatch', 'unavailable'],
  },
} as const satisfies Routes
