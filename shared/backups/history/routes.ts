import * as z from 'zod'
import { JobShown, Upload } from '../../core/job-routes.ts'
import type { Routes } from '../../http/route.ts'

/** A pack lies in memory as a whole, with an index of it and the objects that are being read. */
export const bundleBytesMax = 250_000_000
const pathsMax = 2000

const NewHistoryImport = z.strictObject({
  dry_run: z.boolean().default(true),
  /** Without it the branch that is checked out, else the only one. */
  branch: z.string().min(1).max(200).optional(),
  /** Files whose device is not told by their names: its id, or null to leave a file out. */
  paths: z
    .record(z.string().max(500), z.int().positive().nullable())
    .refine((paths) => Object.keys(paths).length <= pathsMax, `At most ${pathsMax} paths can be given.`)
    .default({}),
  /** How large the upload will be: another size is refused then. */
  bytes: z.int().min(1).max(bundleBytesMax).optional(),
  /** An earlier job whose file is read again, for example after a dry run. */
  from_job: z.int().optional(),
})
export type NewHistoryImport = z.infer<typeof NewHistoryImport>

export const historyRoutes = {
  importHistory: {
    method: 'POST',
    path: '/history-imports/',
    permission: 'backups.import_history',
    summary:
      'Import old versions from a git bundle of Oxidized or RANCID; a dry run only tells what there is',
    body: NewHistoryImport,
    status: 202,
    response: JobShown.extend({ upload: Upload.optional() }),
    errors: ['validation_failed', 'not_found', 'forbidden', 'unavailable'],
  },
} as const satisfies Routes
