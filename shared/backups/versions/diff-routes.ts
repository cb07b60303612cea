import * as z from 'zod'
import type { Routes } from '../../http/route.ts'
import { id, versionNumber } from '../route-fields.ts'

const version = z.union([z.literal('latest'), versionNumber])

const DiffLine = z.object({
  number: z.int().nullable(),
  text: z.string(),
  /** It is on one side only, and by the rules of today it means nothing that it is. */
  insignificant: z.boolean(),
})
const DiffRow = z.object({
  kind: z.enum(['same', 'removed', 'added', 'changed']),
  left: DiffLine.nullable(),
  right: DiffLine.nullable(),
  /** The line changes by itself and counts as no change. */
  volatile: z.boolean(),
})
const DiffSide = z.object({
  device: z.object({ id: z.int(), name: z.string() }),
  version: z.int(),
  collected: z.string(),
  run: z.int().nullable(),
  sha256: z.string(),
})

export const ShownDiff = z.object({
  left: DiffSide,
  right: DiffSide,
  identical: z.boolean(),
  added: z.int(),
  removed: z.int(),
  /** As `diff -u` writes it; empty where nothing differs. */
  unified: z.string(),
  /** The two columns, around each change. */
  hunks: z.array(z.array(DiffRow)),
})

export const diffRoutes = {
  diff: {
    method: 'GET',
    path: '/diff/',
    permission: 'backups.view_config',
    summary: 'Two stored configurations beside each other: two versions of a device, or those of two devices',
    query: z.strictObject({
      right_device: id,
      right_version: version.default('latest'),
      left_device: id.optional(),
      left_version: z.union([z.literal('previous'), version]).default('previous'),
      context: z.coerce.number().int().min(0).max(10_000).default(3),
      volatile: z.stringbool().default(false),
    }),
    status: 200,
    response: ShownDiff,
    errors: ['not_found', 'version_gone', 'too_large'],
  },
} as const satisfies Routes
