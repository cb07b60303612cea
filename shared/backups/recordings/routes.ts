import * as z from 'zod'
import { id } from '../route-fields.ts'
import { JobShown } from '../../core/job-routes.ts'
import type { Routes } from '../../http/route.ts'
import { answerBytesMax } from '../answer-part.ts'

export const NewRecording = z.strictObject({
  /** Another one than that of the device's platform: to see what a new platform makes of it. */
  device_type: z.string().min(1).max(100).optional(),
  /** Kept with the job. */
  reason: z.string().trim().max(180).optional(),
})
export type NewRecording = z.infer<typeof NewRecording>

/** A session as a file: what was typed and what came back. */
export const recordingRoutes = {
  recordSession: {
    method: 'POST',
    path: '/devices/{id}/record-session/',
    permission: 'backups.record_session',
    summary:
      'Read facts and configuration of a device as a backup does, and keep what went over the terminal, secrets masked; a job tells what came of it',
    params: z.object({ id }),
    body: NewRecording,
    status: 202,
    response: JobShown,
    errors: ['not_found', 'validation_failed', 'unavailable'],
  },
  sessionRecording: {
    method: 'GET',
    path: '/session-recordings/{id}/',
    permission: 'backups.view_recording',
    summary: 'The file of a recorded session, by its job; one beyond 4 MiB in parts',
    params: z.object({ id }),
    query: z.strictObject({
      offset: z.coerce.number().int().min(0).default(0),
      bytes: z.coerce.number().int().min(1).max(answerBytesMax).optional(),
    }),
    status: 200,
    response: 'raw',
    errors: ['not_found', 'too_large', 'unavailable'],
  },
} as const satisfies Routes
